//! Queues that shed before an axum router that is asked for twice what it can do, by users who
//! leave after 100 ms.
//!
//! `cargo run --release --manifest-path examples/Cargo.toml --bin shed`
//!
//! What to see: first come, first served, everybody is served when he is about to leave: the server
//! works all the time, and hardly anybody gets an answer. CoDel refuses those who have waited too
//! long as soon as the queue stands, and all who can be served are served in time. With last come,
//! first served besides, while more than four wait, whoever is served is served at once, as if there
//! were no overload; the price is paid by those who are left behind.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use cascadia_patterns::shed::{CodelConfig, DisciplineConfig, Order, QueueConfig, QueueLayer};
use cascadia_patterns::timeout::{TimeoutConfig, TimeoutLayer};

use cascadia_examples::{Load, Route, client, env, handler, heading, serve, server_env, service};

const LOAD: Load = Load { rate: 700, duration: Duration::from_secs(2) };

/// Takes 10 ms for a request.
fn router(begun: &Arc<AtomicU32>) -> Router {
    let begun = Arc::clone(begun);
    let handler = move || {
        begun.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(10))
    };
    Router::new().route("/", get(handler))
}

/// A user who leaves after 100 ms.
fn user(server: Route) -> Route {
    TimeoutLayer::new(TimeoutConfig { after: Duration::from_millis(100) }, env(), server)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    println!("{}{:>16}", heading(), "work begun");
    let codel = Some(CodelConfig::default());
    for (name, discipline) in [
        ("first come, first served", DisciplineConfig::default()),
        ("the same with CoDel", DisciplineConfig { codel, ..DisciplineConfig::default() }),
        (
            "adaptive LIFO with CoDel",
            DisciplineConfig { codel, order: Order::Adaptive { above: 4 } },
        ),
    ] {
        let begun = Arc::default();
        let config = QueueConfig { limit: 4, discipline, ..QueueConfig::default() };
        let queue = QueueLayer::new(config, None, server_env(), handler(router(&begun)));
        let route = user(client(serve(service(queue)).await?));
        let report = LOAD.run(&route).await;
        println!("{}{:>16}", report.line(name), begun.load(Ordering::Relaxed));
    }
    Ok(())
}
