//! Timeouts and retries against a server of which a tenth of the answers are errors and a fiftieth
//! hang for a second.
//!
//! `cargo run --release --manifest-path examples/Cargo.toml --bin retry`
//!
//! What to see: a timeout alone turns hanging requests into failed ones sooner. Retries around it
//! make nearly every request succeed, at the price of an eighth more requests to the server. However
//! bad it gets, there will be a fifth more and ten a second besides, as that is what their budget
//! pays for.

use std::error::Error;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use cascadia_patterns::retry::{Backoff, BudgetConfig, RetryConfig, RetryLayer};
use cascadia_patterns::timeout::{TimeoutConfig, TimeoutLayer};

use cascadia_examples::{Load, Route, client, env, heading, serve};

const LOAD: Load = Load { rate: 500, duration: Duration::from_secs(2) };

static REQUESTS: AtomicU32 = AtomicU32::new(0);

/// Fails every tenth time and hangs every fiftieth.
async fn flaky() -> StatusCode {
    let number = REQUESTS.fetch_add(1, Ordering::Relaxed);
    tokio::time::sleep(Duration::from_millis(if number % 50 == 7 { 1_000 } else { 2 })).await;
    if number % 10 == 3 { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::OK }
}

/// Gives a try 100 ms.
fn timeout(inner: Route) -> Route {
    TimeoutLayer::new(TimeoutConfig { after: Duration::from_millis(100) }, env(), inner)
}

/// Three tries, and about a fifth more requests altogether.
fn retry(inner: Route) -> Route {
    let (base, max) = (Duration::from_millis(5), Duration::from_millis(50));
    let config = RetryConfig {
        attempts: 3,
        backoff: Backoff::FullJitter { base, factor: 2.0, max },
        budget: Some(BudgetConfig::default().into()),
        ..RetryConfig::default()
    };
    RetryLayer::new(config, env(), inner)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = serve(Router::new().route("/", get(flaky))).await?;
    let stacks = [
        ("without a policy", client(address)),
        ("timeout", timeout(client(address))),
        ("retry(timeout)", retry(timeout(client(address)))),
    ];
    println!("{}{:>20}", heading(), "requests received");
    for (name, route) in stacks {
        REQUESTS.store(0, Ordering::Relaxed);
        let report = LOAD.run(&route).await;
        println!("{}{:>20}", report.line(name), REQUESTS.load(Ordering::Relaxed));
    }
    Ok(())
}
