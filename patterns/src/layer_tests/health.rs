//! Whoever watches a server must not take for its illness what tells of the caller alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::layers::{env, samples};
use crate::POLICIES;
use crate::breaker::document::{DocumentConfig, DocumentLayer};
use crate::call::{Call, Context, Failure, Kind, Kinds, Layer, Reason, Rejection, call_fn};
use crate::limit::{
    AimdConfig, Algorithm, Gradient2Config, GradientConfig, LimitConfig, LimitLayer, VegasConfig,
};
use crate::sample::{self, Watching};
use crate::testing::{TestCall, TestOutcome, TestWorld};

type Watch = sample::Watch<TestWorld>;

const CALLS: u32 = 100;

/// Those that watch their server.
fn watchers() -> impl Iterator<Item = (&'static str, Watch)> {
    samples().filter_map(|sample| Some((sample.name, sample.watches?)))
}

/// What every layer may refuse, and what becomes of a call whose deadline had passed.
fn of_the_caller() -> Vec<Failure<&'static str>> {
    let reasons = POLICIES.iter().flat_map(|policy| policy.reasons);
    let refused = reasons.map(|(by, reason)| Failure::Rejected(Rejection::new(*by, *reason)));
    let expired = Failure::Rejected(Rejection::new(Layer::DEADLINE, Reason::EXPIRED));
    let late = Failure::TimedOut(Layer::DEADLINE);
    refused.chain([expired.from_peer(), late.clone(), late.from_peer()]).collect()
}

/// How many of a hundred calls reach a server that treats all of them alike.
async fn reached(watch: Watch, count_local: bool, outcome: TestOutcome) -> u32 {
    reached_with(watch, Watching { count_local, ..Watching::default() }, outcome).await
}

async fn reached_with(watch: Watch, watching: Watching, outcome: TestOutcome) -> u32 {
    let seen = Arc::<AtomicU32>::default();
    let counts = Arc::clone(&seen);
    let server = call_fn(move |_: Context| {
        counts.fetch_add(1, Ordering::Relaxed);
        let outcome = outcome.clone();
        async move { outcome }
    });
    let layer = watch(&TestWorld::new(), server, watching);
    for _ in 0..CALLS {
        let _ = Arc::clone(&layer).call(Context::default()).await;
    }
    seen.load(Ordering::Relaxed)
}

#[tokio::test(start_paused = true)]
async fn what_the_caller_refused_or_came_too_late_says_nothing_of_the_server() {
    for (name, watch) in watchers() {
        let well = reached(watch, false, Ok(7)).await;
        for failure in of_the_caller() {
            let reached = reached(watch, false, Err(failure.clone())).await;
            assert_eq!(reached, well, "{name}, {failure:?}");
        }
    }
}

/// By its rates, gRPC needs more than two endpoints to act.
#[tokio::test(start_paused = true)]
async fn it_does_where_a_setting_asks_for_it_and_so_does_what_the_server_refused() {
    for (name, watch) in watchers().filter(|(name, _)| *name != "grpc outlier") {
        let well = reached(watch, false, Ok(7)).await;
        for failure in of_the_caller() {
            assert!(acts(watch, true, failure.clone(), well).await, "{name}, {failure:?}");
        }
        let refused = Failure::Rejected(Rejection::new(Layer::SHED, Reason::FULL)).from_peer();
        assert!(acts(watch, false, refused, well).await, "{name}");
    }
}

async fn acts(watch: Watch, count_local: bool, failure: Failure<&'static str>, well: u32) -> bool {
    reached(watch, count_local, Err(failure)).await < well
}

/// One failure of each kind that there is without statuses.
fn of_each_kind() -> [(Kind, Failure<&'static str>); 4] {
    let refused = |by, reason| Failure::Rejected(Rejection::new(by, reason)).from_peer();
    [
        (Kind::Error, Failure::Service("down")),
        (Kind::Timeout, Failure::TimedOut(Layer::TIMEOUT)),
        (Kind::Rejected, refused(Layer::SHED, Reason::FULL)),
        (Kind::ShortCircuit, refused(Layer::BREAKER, Reason::OPEN)),
    ]
}

/// What a layer is told to pass over never moves it, and neither does what is not in the list of
/// what alone it counts; what it counts does.
#[tokio::test(start_paused = true)]
async fn what_is_to_be_ignored_changes_nothing() {
    for (name, watch) in watchers().filter(|(name, _)| *name != "grpc outlier") {
        let well = reached(watch, false, Ok(7)).await;
        for (kind, failure) in of_each_kind() {
            for (other, _) in of_each_kind() {
                let except = Kinds { except: [other].into(), ..Kinds::default() };
                let only = Kinds { only: Some([other].into()), ..Kinds::default() };
                for (kinds, counts) in [(except, kind != other), (only, kind == other)] {
                    let watching = Watching { kinds, ..Watching::default() };
                    let reached = reached_with(watch, watching, Err(failure.clone())).await;
                    assert_eq!(reached < well, counts, "{name}, {kind:?} and {kinds:?}");
                }
            }
        }
    }
}

/// It has no settings, and counts failures for ever, but not these.
#[tokio::test(start_paused = true)]
async fn nor_does_it_open_the_breaker_of_introductions() {
    for failure in of_the_caller() {
        let document: Watch =
            |_, inner, _| DocumentLayer::new(DocumentConfig::default(), env(), inner);
        assert_eq!(reached(document, false, Err(failure)).await, CALLS);
    }
}

/// The limit that a rule has found after a hundred calls that were refused on this side.
async fn limit_after(algorithm: Algorithm, count_local: bool) -> (u32, u32) {
    let refused = Rejection::new(Layer::BULKHEAD, Reason::FULL);
    let refuse: TestCall = call_fn(move |_: Context| {
        let refused = Failure::Rejected(refused.clone());
        async move { Err(refused) }
    });
    let config = LimitConfig { algorithm, count_local, ..LimitConfig::default() };
    let layer = LimitLayer::new(config, env(), refuse);
    let before = layer.limit();
    for _ in 0..CALLS {
        let _ = layer.clone().call(Context::default()).await;
    }
    (before, layer.limit())
}

#[tokio::test(start_paused = true)]
async fn nor_does_it_move_a_limit() {
    let aimd = Algorithm::Aimd(AimdConfig { initial: 50, min: 1, ..AimdConfig::default() });
    for algorithm in [
        aimd,
        Algorithm::Vegas(VegasConfig { initial: 50, ..VegasConfig::default() }),
        Algorithm::Gradient2(Gradient2Config { initial: 50, ..Gradient2Config::default() }),
        Algorithm::Gradient(GradientConfig::default()),
    ] {
        let (before, after) = limit_after(algorithm, false).await;
        assert_eq!(before, after, "{algorithm:?}");
    }
    let (before, after) = limit_after(aimd, true).await;
    assert!(after < before, "where it is asked to count that");
}
