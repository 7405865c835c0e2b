//! A timeout for each try and one for the whole call, against a server that is never well: a
//! twentieth of the requests hangs for 300 ms, and in the middle third of the run all do.
//!
//! `cargo run --release --manifest-path examples/Cargo.toml --bin timeout`
//!
//! What to see: a timeout for the whole call alone bounds the wait and loses every request that
//! hangs, as there is no time left for another try. One for each try alone saves those, and in the
//! middle third three of them in a row are a long wait for nothing. Both together do both: another
//! try where it helps, and an end after 120 ms whatever happens.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use cascadia_patterns::retry::{Backoff, RetryConfig, RetryLayer};
use cascadia_patterns::timeout::{TimeoutConfig, TimeoutLayer};

use cascadia_examples::{Layers, Load, Route, client, env, heading, serve};

const LOAD: Load = Load { rate: 400, duration: Duration::from_millis(1_800) };

/// Where nearly every request is answered in good time, for a while.
fn router(requests: &Arc<AtomicU32>) -> Router {
    let (began, requests) = (Instant::now(), Arc::clone(requests));
    Router::new().route(
        "/",
        get(move || {
            let number = requests.fetch_add(1, Ordering::Relaxed);
            let third = began.elapsed().as_millis() * 3 / LOAD.duration.as_millis();
            let hangs = third == 1 || number % 20 == 7;
            tokio::time::sleep(Duration::from_millis(if hangs { 300 } else { 2 }))
        }),
    )
}

fn within(millis: u64, inner: Route) -> Route {
    TimeoutLayer::new(TimeoutConfig { after: Duration::from_millis(millis) }, env(), inner)
}

fn retry(inner: Route) -> Route {
    let backoff = Backoff::Fixed { delay: Duration::from_millis(5) };
    RetryLayer::new(RetryConfig { backoff, ..RetryConfig::default() }, env(), inner)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    println!("{}{:>20}", heading(), "requests received");
    let stacks: [(&str, Layers); 4] = [
        ("without a policy", |server| server),
        ("120 ms for the call", |server| within(120, retry(server))),
        ("50 ms for each of three tries", |server| retry(within(50, server))),
        ("both", |server| within(120, retry(within(50, server)))),
    ];
    for (name, stack) in stacks {
        let requests = Arc::default();
        let route = stack(client(serve(router(&requests)).await?));
        let report = LOAD.run(&route).await;
        println!("{}{:>20}", report.line(name), requests.load(Ordering::Relaxed));
    }
    Ok(())
}
