//! A deadline that is carried over a hop: users call a front, which calls a back that is asked for
//! more than it can do.
//!
//! `cargo run --release --manifest-path examples/Cargo.toml --bin deadline`
//!
//! The users leave after 100 ms. The back works on what it has begun to the end, as a pool of
//! threads does; it can do 360 requests a second and 600 come. What to see: with a timeout at the
//! front alone, the back works all the time and for nobody, as what it takes from its queue is
//! older than its users' patience. When the front says in `grpc-timeout` how long it will wait, a
//! `DeadlineLayer` behind the queue of the back refuses what would be late, and all the work that is
//! done is done for somebody.

use std::convert::Infallible;
use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Extension, Router};
use cascadia_patterns::call::{Baggage, Context};
use cascadia_patterns::deadline::{DeadlineConfig, DeadlineLayer};
use cascadia_patterns::shed::{QueueConfig, QueueLayer};
use cascadia_patterns::timeout::{TimeoutConfig, TimeoutLayer};
use tower::{ServiceExt, service_fn};

use cascadia_examples::{
    Get, Handler, Load, client, env, handler, heading, serve, server_env, service,
};

const LOAD: Load = Load { rate: 600, duration: Duration::from_secs(2) };

/// Serves a request in 10 ms, four at a time; whether it looks at deadlines is for `check`.
async fn back(
    begun: &Arc<AtomicU32>,
    check: fn(Handler) -> Handler,
) -> std::io::Result<SocketAddr> {
    let begun = Arc::clone(begun);
    let work = move || {
        begun.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(10))
    };
    let queue = QueueConfig { limit: 4, ..QueueConfig::default() };
    let work = check(handler(Router::new().route("/", get(work))));
    let stack = service(QueueLayer::new(queue, None, server_env(), work));
    // In a task of its own, a request does not notice that its caller has gone.
    serve(service_fn(move |request: Request| {
        let task = tokio::spawn(stack.clone().oneshot(request));
        async move {
            let failed = |_| Ok::<_, Infallible>(StatusCode::INTERNAL_SERVER_ERROR.into_response());
            task.await.unwrap_or_else(failed)
        }
    }))
    .await
}

/// Answers what the back answers, and carries on what it knows of a request.
async fn front(back: SocketAddr) -> std::io::Result<SocketAddr> {
    let back = client(back);
    let relay = move |Extension(inbound): Extension<Baggage>| async move {
        let context = Context::new(inbound);
        let answer = back.call(Get { context }).await;
        answer.map_or(StatusCode::BAD_GATEWAY, |answer| answer.status)
    };
    serve(service(handler(Router::new().route("/", get(relay))))).await
}

fn check(inner: Handler) -> Handler {
    let min_remaining = Duration::from_millis(15);
    DeadlineLayer::new(
        DeadlineConfig { min_remaining, ..DeadlineConfig::default() },
        server_env(),
        inner,
    )
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    println!("{}{:>16}", heading(), "begun at back");
    for (name, check) in
        [("timeout", (|inner| inner) as fn(Handler) -> Handler), ("timeout, deadline", check)]
    {
        let begun = Arc::default();
        let front = client(front(back(&begun, check).await?).await?);
        let config = TimeoutConfig { after: Duration::from_millis(100) };
        let report = LOAD.run(&(TimeoutLayer::new(config, env(), front) as _)).await;
        println!("{}{:>16}", report.line(name), begun.load(Ordering::Relaxed));
    }
    Ok(())
}
