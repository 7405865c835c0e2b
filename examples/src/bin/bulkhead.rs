//! A bulkhead in front of an axum router: a stack of layers as the tower service that the server
//! runs (`src/inbound.rs` makes it one).
//!
//! `cargo run --release --manifest-path examples/Cargo.toml --bin bulkhead`
//!
//! The handler can do 400 requests a second, as only four at a time get at what it works with, and
//! 600 come. What to see: without a bulkhead all wait in a queue that grows as long as the load
//! lasts, so that every request is slow. With one, as many as can be served are served in good
//! time, and the rest are told at once to come back later.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use cascadia_patterns::bulkhead::{BulkheadConfig, BulkheadLayer};
use tokio::sync::Semaphore;

use cascadia_examples::{Handler, Load, client, handler, heading, serve, server_env, service};

const LOAD: Load = Load { rate: 600, duration: Duration::from_secs(2) };

/// A handler that four requests at a time get through, in 10 ms each.
fn router() -> Router {
    let database = Arc::new(Semaphore::new(4));
    let handler = move || {
        let database = Arc::clone(&database);
        async move {
            match database.acquire().await {
                Ok(_connection) => {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                    StatusCode::OK
                }
                Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
            }
        }
    };
    Router::new().route("/", get(handler))
}

/// As many as can work, and a few that wait for a moment.
fn bulkhead(inner: Handler) -> Handler {
    let max_wait = Duration::from_millis(20);
    let config = BulkheadConfig { limit: 4, max_wait, max_waiting: Some(8) };
    BulkheadLayer::new(config, server_env(), inner)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    println!("{}", heading());
    let bare = client(serve(router()).await?);
    println!("{}", LOAD.run(&bare).await.line("without a policy"));
    let guarded = client(serve(service(bulkhead(handler(router())))).await?);
    println!("{}", LOAD.run(&guarded).await.line("bulkhead before the router"));
    Ok(())
}
