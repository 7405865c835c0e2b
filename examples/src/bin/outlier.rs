//! Outlier detection around a balancer over four servers, one of which is sick: it answers at once,
//! and always with an error.
//!
//! `cargo run --release --manifest-path examples/Cargo.toml --bin outlier`
//!
//! What to see: who is sick is never busy, so a balancer that goes by what is under way sends it
//! more than its share, and two requests of five fail. A breaker for each server finds out, but each
//! time that its wait is over a request is spent on finding out again, and one that it refuses has
//! failed as well unless somebody tries again. Outlier detection takes the server out of the choice
//! after five errors in a row, for half a minute, and the others get its share.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use cascadia_patterns::balance::{BalanceConfig, BalanceKind, BalanceLayer};
use cascadia_patterns::breaker::{BreakerConfig, BreakerLayer, OpenWait};
use cascadia_patterns::outlier::{EnvoyConfig, OutlierConfig, OutlierLayer};

use cascadia_examples::{Layers, Load, Route, client, env, heading, serve};

const LOAD: Load = Load { rate: 500, duration: Duration::from_secs(2) };

static AT_THE_SICK_ONE: AtomicU32 = AtomicU32::new(0);

async fn well() -> StatusCode {
    tokio::time::sleep(Duration::from_millis(5)).await;
    StatusCode::OK
}

async fn sick() -> StatusCode {
    AT_THE_SICK_ONE.fetch_add(1, Ordering::Relaxed);
    StatusCode::INTERNAL_SERVER_ERROR
}

/// Opens after five failures in a row, for 100 ms at first.
fn breaker(server: Route) -> Route {
    let open = OpenWait::fixed(Duration::from_millis(100));
    let config = BreakerConfig { consecutive: Some(5), open, ..BreakerConfig::default() };
    BreakerLayer::new(config, env(), server)
}

/// The better of two drawn at random, each behind layers of its own; with outlier detection or not.
fn balance(servers: &[SocketAddr], each: Layers, detects: bool) -> Route {
    let servers = servers.iter().map(|address| each(client(*address))).collect();
    let config = BalanceConfig { kind: BalanceKind::P2c };
    let balance = BalanceLayer::new(config, env(), servers);
    if !detects {
        return balance;
    }
    let config = EnvoyConfig { always_eject_one: true, ..EnvoyConfig::default() };
    OutlierLayer::new(OutlierConfig::Envoy(config), env(), Arc::clone(&balance))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut servers = vec![serve(Router::new().route("/", get(sick))).await?];
    for _ in 0..3 {
        servers.push(serve(Router::new().route("/", get(well))).await?);
    }
    println!("{}{:>20}", heading(), "at the sick one");
    for (name, route) in [
        ("balance", balance(&servers, |server| server, false)),
        ("balance(breaker)", balance(&servers, breaker, false)),
        ("outlier(balance)", balance(&servers, |server| server, true)),
    ] {
        AT_THE_SICK_ONE.store(0, Ordering::Relaxed);
        let report = LOAD.run(&route).await;
        println!("{}{:>20}", report.line(name), AT_THE_SICK_ONE.load(Ordering::Relaxed));
    }
    Ok(())
}
