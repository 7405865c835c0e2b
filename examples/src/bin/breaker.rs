//! A circuit breaker in front of a server that is down for the middle third of the run: it takes
//! 200 ms to say that it failed.
//!
//! `cargo run --release --manifest-path examples/Cargo.toml --bin breaker`
//!
//! What to see: without a breaker every request of the middle third waits 200 ms for its error,
//! and the server works on all of them. With one, a hundred are on their way before the first error
//! is known; after that callers are refused at once and the server is left alone but for a probe
//! now and then. The price: for up to 300 ms after it is well again nobody knows, and some that
//! would have been served are refused.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use cascadia_patterns::breaker::{BreakerConfig, BreakerLayer, OpenWait, Window};

use cascadia_examples::{Layers, Load, Route, client, env, heading, serve};

const LOAD: Load = Load { rate: 500, duration: Duration::from_secs(3) };

/// What the server has seen.
struct Server {
    began: Instant,
    requests_while_down: AtomicU32,
}

impl Server {
    async fn answer(&self) -> StatusCode {
        let third = LOAD.duration / 3;
        if self.began.elapsed() < third || self.began.elapsed() > 2 * third {
            tokio::time::sleep(Duration::from_millis(2)).await;
            return StatusCode::OK;
        }
        self.requests_while_down.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(200)).await;
        StatusCode::INTERNAL_SERVER_ERROR
    }
}

/// Opens at half of the calls failing, for 100 ms at first.
fn breaker(inner: Route) -> Route {
    let open = OpenWait::fixed(Duration::from_millis(100));
    let windows = vec![Window::Count(50)];
    BreakerLayer::new(BreakerConfig { windows, open, ..BreakerConfig::default() }, env(), inner)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    println!("{}{:>22}", heading(), "received while down");
    let stacks: [(&str, Layers); 2] = [("without a policy", |server| server), ("breaker", breaker)];
    for (name, stack) in stacks {
        let requests_while_down = AtomicU32::new(0);
        let server = Arc::new(Server { began: Instant::now(), requests_while_down });
        let answering = Arc::clone(&server);
        let handler = move || {
            let server = Arc::clone(&answering);
            async move { server.answer().await }
        };
        let address = serve(Router::new().route("/", get(handler))).await?;
        let report = LOAD.run(&stack(client(address))).await;
        let received = server.requests_while_down.load(Ordering::Relaxed);
        println!("{}{received:>22}", report.line(name));
    }
    Ok(())
}
