//! An adaptive limit before an axum router of which half the capacity goes away in the middle of
//! the run.
//!
//! `cargo run --release --manifest-path examples/Cargo.toml --bin limit`
//!
//! What to see: sixteen at a time in 10 ms each are more than 1,000 requests a second, and eight are
//! not. Without a policy the queue of the second half only grows. A bulkhead of 100, generous as they
//! usually are, bounds it to a tenth of a second and more, most of which is a queue. The adaptive
//! limit was never told a number: it finds one that the first half has room in, and a smaller one
//! for the second, in which nearly as many requests are served as can be and none waits for long.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use cascadia_patterns::bulkhead::{BulkheadConfig, BulkheadLayer};
use cascadia_patterns::limit::{Algorithm, LimitConfig, LimitLayer, VegasConfig};
use tokio::sync::Semaphore;

use cascadia_examples::{Handler, Load, client, handler, heading, serve, server_env, service};

/// One half of the run.
const HALF: Load = Load { rate: 1_000, duration: Duration::from_secs(2) };
const CAPACITY: u32 = 16;

/// A handler that so many requests at a time get through as there are permits.
fn router(capacity: &Arc<Semaphore>) -> Router {
    let capacity = Arc::clone(capacity);
    let handler = move || {
        let capacity = Arc::clone(&capacity);
        async move {
            let _permit = capacity.acquire().await;
            tokio::time::sleep(Duration::from_millis(10)).await;
            StatusCode::OK
        }
    };
    Router::new().route("/", get(handler))
}

/// Both halves, with `stack` before `capacity`; `limit` says what the limit is at the end of each.
async fn halves(
    name: &str,
    capacity: &Semaphore,
    stack: Handler,
    limit: impl Fn() -> String,
) -> Result<(), Box<dyn Error>> {
    let route = client(serve(service(stack)).await?);
    println!("{}{:>8}", HALF.run(&route).await.line(name), limit());
    capacity.acquire_many(CAPACITY / 2).await?.forget();
    println!("{}{:>8}", HALF.run(&route).await.line("  half of the capacity"), limit());
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    println!("{}{:>8}", heading(), "limit");
    let capacity = || Arc::new(Semaphore::new(CAPACITY as usize));

    let all = capacity();
    halves("without a policy", &all, handler(router(&all)), || "-".to_owned()).await?;

    let all = capacity();
    let config = BulkheadConfig { limit: 100, ..BulkheadConfig::default() };
    let bulkhead = BulkheadLayer::new(config, server_env(), handler(router(&all)));
    halves("bulkhead", &all, bulkhead, || "100".to_owned()).await?;

    let all = capacity();
    let algorithm = Algorithm::Vegas(VegasConfig::default());
    let config = LimitConfig { algorithm, ..LimitConfig::default() };
    let limit = LimitLayer::new(config, server_env(), handler(router(&all)));
    let stack = Arc::clone(&limit);
    halves("adaptive limit", &all, stack, || limit.limit().to_string()).await
}
