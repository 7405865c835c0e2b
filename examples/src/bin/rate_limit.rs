//! Rate limits before an axum router: 100 requests a second, and a client that sends 200 within a
//! fifth of a second, half of them before the clock turns to the next second and half after.
//!
//! `cargo run --release --manifest-path examples/Cargo.toml --bin rate_limit`
//!
//! What to see: a counter for each second lets nearly all of them through, twice what it promises,
//! as the cycles do not know of each other. A sliding log holds the promise for any second. A token
//! bucket that fills at the same rate lets through what it holds and what has come in since, which
//! is the burst that one is ready to take. Who is refused is told by `429` and `Retry-After` when to
//! come again; the last line is a client that does, and has nearly all it wants a few seconds later.

use std::error::Error;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use cascadia_patterns::rate_limit::{Algorithm, Rate, RateLimitConfig, RateLimitLayer};
use cascadia_patterns::retry::{RetryConfig, RetryLayer};
use cascadia_runtime::{Runtime, Time, TokioWorld};

use cascadia_examples::{
    Layers, Load, Route, client, env, handler, heading, serve, server_env, service,
};

const LOAD: Load = Load { rate: 1_000, duration: Duration::from_millis(200) };
const SECOND: Duration = Duration::from_secs(1);

/// When requests got through to the handler.
type Passed = Arc<Mutex<Vec<Time>>>;

fn router(passed: &Passed) -> Router {
    let passed = Arc::clone(passed);
    let handler = async move || {
        if let Ok(mut passed) = passed.lock() {
            passed.push(TokioWorld::new().now());
        }
    };
    Router::new().route("/", get(handler))
}

/// The most that got through within any second.
fn most(passed: &Passed) -> usize {
    let Ok(passed) = passed.lock() else { return 0 };
    let within =
        |first: &Time| passed.iter().filter(|at| *at >= first && **at < *first + SECOND).count();
    passed.iter().map(within).max().unwrap_or(0)
}

/// Tries again when the server said.
fn retry(inner: Route) -> Route {
    let max_retry_after = Some(3 * SECOND);
    let config = RetryConfig { attempts: 5, max_retry_after, ..RetryConfig::default() };
    RetryLayer::new(config, env(), inner)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    println!("{}{:>20}", heading(), "most in a second");
    let bucket = Algorithm::TokenBucket { rate: Rate::per_second(100), burst: 20 };
    let rows: [(&str, Algorithm, Layers); 4] = [
        ("fixed cycle", Algorithm::FixedCycle { limit: 100, window: SECOND }, |client| client),
        ("sliding log", Algorithm::SlidingLog { limit: 100, window: SECOND }, |client| client),
        ("token bucket, burst of 20", bucket, |client| client),
        ("  and a client that waits", bucket, retry),
    ];
    for (name, algorithm, layers) in rows {
        let passed = Passed::default();
        let config = RateLimitConfig::new(algorithm);
        let limit = RateLimitLayer::new(config, server_env(), handler(router(&passed)));
        let route = layers(client(serve(service(limit)).await?));
        let world = TokioWorld::new();
        let turn = (world.now() + LOAD.duration / 2).as_secs_f64().ceil();
        let turn = Time::ZERO + Duration::from_secs_f64(turn);
        world.sleep_until(turn - LOAD.duration / 2).await;
        let report = LOAD.run(&route).await;
        println!("{}{:>20}", report.line(name), most(&passed));
    }
    Ok(())
}
