//! Fallbacks.

use std::sync::Arc;

use cascadia_patterns::call::{Call, Context};
use cascadia_patterns::fallback::{Chain, FallbackConfig, FallbackLayer};
use cascadia_patterns::timeout::{TimeoutConfig, TimeoutLayer};
use cascadia_runtime::Runtime;

use super::bench::{Answer, Bench, Recorder, Route, ms};
use super::server::{DOWN, OK, Server, Step, safe};

/// What a mark adds to an answer.
const DEGRADED: u32 = 100;
const LIMIT: FallbackConfig = FallbackConfig { limit: 2 };

fn chain() -> Chain<Context, u32, &'static str> {
    Chain::new(|answer: &mut u32| *answer += DEGRADED)
}

/// A server and the chain behind it.
fn rig<R: Runtime>(
    bench: &Bench<R>,
    script: &[Step],
    chain: Chain<Context, u32, &'static str>,
) -> (Route, Arc<Recorder>) {
    let seen = Arc::default();
    let server = Server::new(bench, script);
    (FallbackLayer::new(bench.env(&seen), server, chain), seen)
}

async fn call(route: &Route) -> Answer {
    Arc::clone(route).call(safe()).await
}

pub(crate) async fn what_works_is_passed_on<R: Runtime>(bench: Bench<R>) {
    let (route, seen) = rig(&bench, &[Step::Ok], chain().default(|_| 1));
    assert_eq!(call(&route).await, OK);
    assert!(seen.signals().is_empty());
}

pub(crate) async fn an_answer_of_the_chain_is_marked<R: Runtime>(bench: Bench<R>) {
    let (route, seen) = rig(&bench, &[Step::Fail], chain().stale(|_| None).default(|_| 1));
    assert_eq!(call(&route).await, Ok(1 + DEGRADED));
    assert_eq!(seen.signals(), ["Count(fell_back)"]);
}

pub(crate) async fn the_first_failure_is_returned<R: Runtime>(bench: Bench<R>) {
    let other = Server::new(&bench, &[Step::Fail]);
    let (route, _) = rig(&bench, &[Step::Fail], chain().call(LIMIT, other.clone()));
    assert_eq!(call(&route).await, DOWN);
    assert_eq!(other.seen().len(), 1, "asked once");
}

pub(crate) async fn a_step_that_calls_is_bounded<R: Runtime>(bench: Bench<R>) {
    let other = Server::new(&bench, &[Step::Hang]);
    let (route, _) = rig(&bench, &[Step::Fail], chain().call(LIMIT, other.clone()).default(|_| 1));
    let held: Vec<_> = (0..2).map(|_| bench.start(&route, safe())).collect();
    bench.settle().await;
    assert_eq!(call(&route).await, Ok(1 + DEGRADED));
    held.iter().for_each(|call| call.abort());
    bench.settle().await;
    assert_eq!((other.in_flight(), other.seen().len()), (0, 2));
}

pub(crate) async fn within_a_time_or_empty<R: Runtime>(bench: Bench<R>) {
    let seen = Arc::default();
    let dead = Server::new(&bench, &[Step::Hang]);
    let timeout = TimeoutConfig { after: ms(20) };
    let timeout = TimeoutLayer::new(timeout, bench.env(&seen), dead.clone());
    let route = FallbackLayer::new(bench.env(&seen), timeout, chain().default(|_| 0));
    let began = bench.world.now();
    assert_eq!(route.call(safe()).await, Ok(DEGRADED));
    bench.took(began, ms(20));
    assert_eq!(dead.in_flight(), 0);
}
