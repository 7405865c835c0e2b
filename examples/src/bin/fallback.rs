//! A page with recommendations, from a service that is well for a third of the run, then fails, and
//! then takes a second to fail.
//!
//! `cargo run --release --manifest-path examples/Cargo.toml --bin fallback`
//!
//! What to see: without a policy two pages of three are errors, and the last third waits a second
//! for them. A timeout makes them errors sooner. A fallback around it makes them pages, without
//! recommendations, and counts them: a page that looks well and is not must not go unnoticed.

use std::error::Error;
use std::net::SocketAddr;

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use axum::routing::get;
use axum::{Extension, Router};
use cascadia_patterns::call::{Baggage, Context};
use cascadia_patterns::fallback::{Chain, FallbackLayer};
use cascadia_patterns::timeout::{TimeoutConfig, TimeoutLayer};

use cascadia_examples::{
    Answer, Get, Layers, Load, Route, client, env, handler, heading, serve, service,
};

const LOAD: Load = Load { rate: 300, duration: Duration::from_millis(1_800) };

/// Pages without recommendations.
static DEGRADED: AtomicU32 = AtomicU32::new(0);

/// Well, broken, and slow to say so.
async fn recommendations() -> std::io::Result<SocketAddr> {
    let began = Instant::now();
    let answer = move || async move {
        let third = began.elapsed().as_millis() * 3 / LOAD.duration.as_millis();
        tokio::time::sleep(Duration::from_millis(if third < 2 { 2 } else { 1_000 })).await;
        if third < 1 { StatusCode::OK } else { StatusCode::INTERNAL_SERVER_ERROR }
    };
    serve(Router::new().route("/", get(answer))).await
}

/// Shows a page if there are recommendations, or something in their place.
async fn page(recommendations: Route) -> std::io::Result<SocketAddr> {
    let page = move |Extension(inbound): Extension<Baggage>| async move {
        let context = Context::new(inbound);
        match recommendations.call(Get { context }).await {
            Ok(answer) if answer.status.is_success() => StatusCode::OK,
            _ => StatusCode::BAD_GATEWAY,
        }
    };
    serve(service(handler(Router::new().route("/", get(page))))).await
}

fn timeout(inner: Route) -> Route {
    TimeoutLayer::new(TimeoutConfig { after: Duration::from_millis(50) }, env(), inner)
}

/// No recommendations are better than no page.
fn fallback(inner: Route) -> Route {
    let mark = |_: &mut Answer| {
        DEGRADED.fetch_add(1, Ordering::Relaxed);
    };
    let none = |_: &_| Answer::new(StatusCode::OK);
    FallbackLayer::new(env(), inner, Chain::new(mark).default(none))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    println!("{}{:>16}", heading(), "degraded pages");
    let stacks: [(&str, Layers); 3] = [
        ("without a policy", |server| server),
        ("timeout", timeout),
        ("fallback(timeout)", |server| fallback(timeout(server))),
    ];
    for (name, stack) in stacks {
        let users = client(page(stack(client(recommendations().await?))).await?);
        let report = LOAD.run(&users).await;
        println!("{}{:>16}", report.line(name), DEGRADED.swap(0, Ordering::Relaxed));
    }
    Ok(())
}
