//! Adaptive throttling in a client of a server that is asked for three times what it can do, and
//! for which a refusal is work too.
//!
//! `cargo run --release --manifest-path examples/Cargo.toml --bin throttle`
//!
//! Four workers serve a request in 10 ms. One that has waited too long is refused, which takes a
//! worker 2 ms, as the request must be read. What to see: without a throttle the server spends most
//! of its time on saying no. With one, the client itself refuses most of what would be refused, and
//! the server serves at least twice as many. The smaller K, the less it is asked in vain, and the
//! longer it takes the client to notice that it can do more again.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use cascadia_patterns::throttle::{ThrottleConfig, ThrottleLayer};
use tokio::sync::Semaphore;

use cascadia_examples::{Load, Route, client, env, heading, serve};

const LOAD: Load = Load { rate: 1_000, duration: Duration::from_secs(3) };
const PATIENCE: Duration = Duration::from_millis(20);

/// What the server has done.
struct Server {
    workers: Semaphore,
    refused: AtomicU32,
    served: AtomicU32,
}

impl Server {
    fn new() -> Self {
        let (refused, served) = (AtomicU32::new(0), AtomicU32::new(0));
        Self { workers: Semaphore::new(4), refused, served }
    }

    async fn answer(&self) -> StatusCode {
        let came = Instant::now();
        let _worker = self.workers.acquire().await;
        let (work, time, answer) = if came.elapsed() > PATIENCE {
            (&self.refused, 2, StatusCode::SERVICE_UNAVAILABLE)
        } else {
            (&self.served, 10, StatusCode::OK)
        };
        let began = Instant::now();
        tokio::time::sleep(Duration::from_millis(time)).await;
        work.fetch_add(began.elapsed().as_micros() as u32, Ordering::Relaxed);
        answer
    }

    /// The share of its work that was to refuse.
    fn refusing(&self) -> f64 {
        let work = |of: &AtomicU32| f64::from(of.load(Ordering::Relaxed));
        work(&self.refused) / (work(&self.refused) + work(&self.served))
    }
}

/// Looks back one second, and sends at most `k` times what is accepted.
fn throttle(k: f64, inner: Route) -> Route {
    let window = Duration::from_secs(1);
    let config = ThrottleConfig { k, window, buckets: 10, ..ThrottleConfig::default() };
    ThrottleLayer::new(config, env(), inner)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    println!("{}{:>20}", heading(), "work on refusals");
    for (name, k) in [
        ("without a policy", None),
        ("throttle, K = 2", Some(2.0)),
        ("throttle, K = 1.1", Some(1.1)),
    ] {
        let server = Arc::new(Server::new());
        let answering = Arc::clone(&server);
        let handler = move || {
            let server = Arc::clone(&answering);
            async move { server.answer().await }
        };
        let route = client(serve(Router::new().route("/", get(handler))).await?);
        let route = k.map_or_else(|| Arc::clone(&route), |k| throttle(k, Arc::clone(&route)));
        let report = LOAD.run(&route).await;
        println!("{}{:>18.0} %", report.line(name), 100.0 * server.refusing());
    }
    Ok(())
}
