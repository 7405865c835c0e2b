//! Hedging over two servers, for each of which one request of eighty takes 200 ms for no reason.
//!
//! `cargo run --release --manifest-path examples/Cargo.toml --bin hedge`
//!
//! What to see: the p99 is that of the slow ones. A copy that is sent to the other server after 10 ms
//! takes the tail away, for one request of eighty more. Copies of everything at once do little more
//! and double the load. So does a delay of 10 ms on a day when every request takes 30: that is the
//! last pair of lines, where the budget allows 5 % and the tail stays.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use cascadia_patterns::balance::{BalanceConfig, BalanceLayer};
use cascadia_patterns::hedge::{HedgeConfig, HedgeDelay, HedgeLayer};

use cascadia_examples::{Load, Route, client, env, heading, serve};

const LOAD: Load = Load { rate: 500, duration: Duration::from_secs(2) };

static REQUESTS: AtomicU32 = AtomicU32::new(0);
static USUALLY: AtomicU64 = AtomicU64::new(2);

/// Every eightieth is slow.
async fn answer() {
    let number = REQUESTS.fetch_add(1, Ordering::Relaxed);
    let usually = USUALLY.load(Ordering::Relaxed);
    tokio::time::sleep(Duration::from_millis(if number % 80 == 7 { 200 } else { usually })).await;
}

fn balance(servers: [SocketAddr; 2]) -> Route {
    BalanceLayer::new(BalanceConfig::default(), env(), servers.map(client).into())
}

/// One copy after so many milliseconds, within the usual budget or any number of them.
fn hedge(millis: u64, bounded: bool, inner: Route) -> Route {
    let delay = HedgeDelay::Fixed(Duration::from_millis(millis));
    let usual = HedgeConfig::default();
    let budget = usual.budget.filter(|_| bounded);
    HedgeLayer::new(HedgeConfig { delay, budget, ..usual }, env(), inner)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let router = Router::new().route("/", get(answer));
    let servers = [serve(router.clone()).await?, serve(router).await?];
    println!("{}{:>20}", heading(), "requests received");
    for (name, usually, route) in [
        ("balance", 2, balance(servers)),
        ("hedge after 10 ms", 2, hedge(10, true, balance(servers))),
        ("all twice, no budget", 2, hedge(0, false, balance(servers))),
        ("hedge while all is slow", 30, hedge(10, true, balance(servers))),
        ("the same without a budget", 30, hedge(10, false, balance(servers))),
    ] {
        REQUESTS.store(0, Ordering::Relaxed);
        USUALLY.store(usually, Ordering::Relaxed);
        let report = LOAD.run(&route).await;
        println!("{}{:>20}", report.line(name), REQUESTS.load(Ordering::Relaxed));
    }
    Ok(())
}
