//! One trace id for a user's request, through every layer and over a hop: users call a front, which
//! calls a back that answers at the third try.
//!
//! `cargo run --release --manifest-path examples/Cargo.toml --bin trace`
//!
//! What to see: the front reads `traceparent`, begins a trace where there is none, and hands its
//! baggage to a stack of all layers. At the back all tries of a request have its trace id, each has
//! a span of its own, and each says which try it is. A front that makes its calls with new baggage
//! cuts every trace in pieces: as many traces as there are tries.

use std::collections::BTreeSet;
use std::error::Error;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use axum::{Extension, Router};
use cascadia_patterns::balance::{BalanceConfig, BalanceLayer};
use cascadia_patterns::breaker::{BreakerConfig, BreakerLayer};
use cascadia_patterns::bulkhead::{BulkheadConfig, BulkheadLayer};
use cascadia_patterns::call::{Baggage, Context};
use cascadia_patterns::deadline::{DeadlineConfig, DeadlineLayer};
use cascadia_patterns::fallback::{Chain, FallbackLayer};
use cascadia_patterns::hedge::{HedgeConfig, HedgeLayer};
use cascadia_patterns::limit::{LimitConfig, LimitLayer};
use cascadia_patterns::outlier::{EnvoyConfig, OutlierConfig, OutlierLayer};
use cascadia_patterns::rate_limit::{Algorithm, Rate, RateLimitConfig, RateLimitLayer};
use cascadia_patterns::retry::{Backoff, RetryConfig, RetryLayer};
use cascadia_patterns::throttle::{ThrottleConfig, ThrottleLayer};
use cascadia_patterns::timeout::{TimeoutConfig, TimeoutLayer};
use cascadia_patterns::trace::{TraceConfig, TraceLayer};
use cascadia_patterns::wire::grpc;

use cascadia_examples::{
    Answer, Get, Load, Route, client, env, handler, serve, server_env, service,
};

const USERS: Load = Load { rate: 20, duration: Duration::from_millis(250) };

/// What the back has seen: which try each request was, and what it carried.
type Seen = Arc<Mutex<Vec<(u16, Baggage)>>>;

async fn back(seen: &Seen) -> std::io::Result<SocketAddr> {
    let seen = Arc::clone(seen);
    let answer = async move |headers: HeaderMap, Extension(baggage): Extension<Baggage>| {
        let tries = headers.get(grpc::PREVIOUS_ATTEMPTS).and_then(|tries| tries.to_str().ok());
        let number = grpc::decode_attempts(tries);
        if let Ok(mut seen) = seen.lock() {
            seen.push((number, baggage));
        }
        if number == 2 { StatusCode::OK } else { StatusCode::INTERNAL_SERVER_ERROR }
    };
    serve(service(handler(Router::new().route("/", get(answer))))).await
}

/// All layers that a client can have, the one that makes spans innermost.
fn stack(back: SocketAddr) -> Route {
    let span = |address| TraceLayer::new(TraceConfig::default(), env(), client(address));
    let each = |address| TimeoutLayer::new(TimeoutConfig::default(), env(), span(address)) as _;
    let replicas = [back, back].map(each).into();
    let balance = BalanceLayer::new(BalanceConfig::default(), env(), replicas);
    let outlier = OutlierConfig::Envoy(EnvoyConfig::default());
    let outlier = OutlierLayer::new(outlier, env(), balance);
    let hedge = HedgeLayer::new(HedgeConfig::default(), env(), outlier);
    let breaker = BreakerLayer::new(BreakerConfig::default(), env(), hedge);
    let retry = RetryConfig { backoff: Backoff::None, ..RetryConfig::default() };
    let retry = RetryLayer::new(retry, env(), breaker);
    let bulkhead = BulkheadLayer::new(BulkheadConfig::default(), env(), retry);
    let rate = Algorithm::Gcra { rate: Rate::per_second(100), burst: 100 };
    let rate_limit = RateLimitLayer::new(RateLimitConfig::new(rate), env(), bulkhead);
    let limit = LimitLayer::new(LimitConfig::default(), env(), rate_limit);
    let throttle = ThrottleLayer::new(ThrottleConfig::default(), env(), limit);
    let deadline = DeadlineLayer::new(DeadlineConfig::default(), env(), throttle);
    let none = Chain::new(|_: &mut Answer| {}).default(|_| Answer::new(StatusCode::OK));
    FallbackLayer::new(env(), deadline, none)
}

/// Calls the back for the user, with what it knows of the request or without.
async fn front(back: SocketAddr, hands_on: bool) -> std::io::Result<SocketAddr> {
    let back = stack(back);
    let relay = move |Extension(inbound): Extension<Baggage>| async move {
        let safe = inbound.safe;
        let baggage = if hands_on { inbound } else { Baggage { safe, ..Baggage::default() } };
        let answer = back.call(Get { context: Context::new(baggage) }).await;
        answer.map_or(StatusCode::BAD_GATEWAY, |answer| answer.status)
    };
    let relay = handler(Router::new().route("/", get(relay)));
    serve(service(TraceLayer::new(TraceConfig::default(), server_env(), relay))).await
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    println!("{:30}{:>9}{:>16}{:>9}{:>9}", "", "requests", "tries at back", "traces", "spans");
    let mut tries = Vec::new();
    for (name, hands_on) in [("new baggage for each call", false), ("the baggage handed on", true)]
    {
        let seen = Seen::default();
        let users = client(front(back(&seen).await?, hands_on).await?);
        USERS.run(&users).await;
        tries = seen.lock().map(|seen| seen.clone()).unwrap_or_default();
        let traces: BTreeSet<_> = tries.iter().map(|(_, baggage)| baggage.trace).collect();
        let spans: BTreeSet<_> = tries.iter().map(|(_, baggage)| baggage.span).collect();
        let (all, traces, spans) = (tries.len(), traces.len(), spans.len());
        println!("{name:30}{:>9}{all:>16}{traces:>9}{spans:>9}", USERS.count());
    }
    println!("\nthe first two requests, as the back saw them");
    for (number, Baggage { trace, span, .. }) in tries.iter().take(6) {
        println!("  trace {:032x}  span {:016x}  try {number}", trace.0, span.0);
    }
    Ok(())
}
