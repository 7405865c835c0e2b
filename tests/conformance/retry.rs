//! Retries, their backoff and their budget.

use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::call::{Baggage, Call, Context};
use cascadia_patterns::retry::{
    AwsConfig, Backoff, BucketConfig, Budget, BudgetConfig, ConcurrentConfig, CumulativeConfig,
    RetryConfig, RetryLayer, TokensConfig,
};
use cascadia_patterns::timeout::{TimeoutConfig, TimeoutLayer};
use cascadia_runtime::{Runtime, Time};

use super::bench::{Bench, LONG, Recorder, Route, ms};
use super::server::{DOWN, OK, Server, Step, safe};

/// Retries around a server.
struct Rig<R> {
    server: Arc<Server<R>>,
    seen: Arc<Recorder>,
    route: Route,
}

fn rig<R: Runtime>(bench: &Bench<R>, script: &[Step], config: RetryConfig) -> Rig<R> {
    let (server, seen) = (Server::new(bench, script), Arc::default());
    let route = RetryLayer::new(config, bench.env(&seen), server.clone());
    Rig { server, seen, route }
}

fn fixed(delay: Duration) -> RetryConfig {
    RetryConfig { backoff: Backoff::Fixed { delay }, ..RetryConfig::default() }
}

/// Half a retry for each call.
fn half() -> Option<Budget> {
    Some(BudgetConfig { ratio: 0.5, min_per_second: 0.0, ..BudgetConfig::default() }.into())
}

const BUDGET: &str = "RetryDenied { reason: Budget, trace: TraceId(0) }";

pub(crate) async fn it_tries_until_it_works<R: Runtime>(bench: Bench<R>) {
    let rig = rig(&bench, &[Step::Fail, Step::Fail, Step::Ok], fixed(ms(2)));
    assert_eq!(rig.route.call(safe()).await, OK);
    let attempts: Vec<u16> = rig.server.seen().iter().map(|context| context.attempt.number).collect();
    assert_eq!(attempts, [0, 1, 2]);
    let retrying = |attempt| format!("Retrying {{ attempt: {attempt}, delay: 2ms }}");
    let succeeded = "Count(retry_succeeded)".to_owned();
    assert_eq!(rig.seen.signals(), [retrying(1), retrying(2), succeeded]);
}

pub(crate) async fn it_waits_between_the_tries<R: Runtime>(bench: Bench<R>) {
    let began = bench.world.now();
    let rig = rig(&bench, &[Step::Fail, Step::OkAfter(ms(1))], fixed(ms(3)));
    assert_eq!(rig.route.call(safe()).await, OK);
    bench.took(began, ms(3) + ms(1));
}

pub(crate) async fn every_backoff_stays_within_its_bounds<R: Runtime>(bench: Bench<R>) {
    let (base, max, factor) = (ms(1), ms(3), 2.0);
    for (backoff, least, most) in [
        (Backoff::None, ms(0), ms(0)),
        (Backoff::Fixed { delay: base }, ms(2), ms(2)),
        (Backoff::Linear { base, max }, ms(3), ms(3)),
        (Backoff::Exponential { base, factor, max }, ms(3), ms(3)),
        (Backoff::FullJitter { base, factor, max }, ms(0), ms(3)),
        (Backoff::EqualJitter { base, factor, max }, ms(3) / 2, ms(3)),
        (Backoff::Decorrelated { base, max }, ms(2), ms(6)),
        (Backoff::Proportional { base, factor, max, spread: 0.5 }, ms(3) / 2, ms(9) / 2),
    ] {
        let rig = rig(&bench, &[Step::Fail], RetryConfig { backoff, ..RetryConfig::default() });
        let began = bench.world.now();
        assert_eq!(rig.route.call(safe()).await, DOWN);
        let took = bench.world.now().since(began);
        assert!(took >= least && (took <= most || !bench.exact), "{backoff:?} took {took:?}");
    }
}

pub(crate) async fn the_last_error_is_returned<R: Runtime>(bench: Bench<R>) {
    let rig = rig(&bench, &[Step::Fail], fixed(ms(1)));
    assert_eq!(rig.route.call(safe()).await, DOWN);
    assert_eq!(rig.server.seen().len(), 3);
}

pub(crate) async fn what_is_not_safe_is_tried_once<R: Runtime>(bench: Bench<R>) {
    let rig = rig(&bench, &[Step::Fail], fixed(ms(1)));
    assert_eq!(rig.route.call(Context::default()).await, DOWN);
    assert_eq!(rig.server.seen().len(), 1);
    assert_eq!(rig.seen.signals(), ["RetryDenied { reason: Unsafe, trace: TraceId(0) }"]);
}

pub(crate) async fn a_budget_bounds_the_retries_of_all_calls<R: Runtime>(bench: Bench<R>) {
    let config = RetryConfig { attempts: 2, budget: half(), ..fixed(ms(1)) };
    let rig = rig(&bench, &[Step::Fail], config);
    for _ in 0..6 {
        assert_eq!(rig.route.clone().call(safe()).await, DOWN);
    }
    assert_eq!(rig.server.seen().len(), 6 + 3);
    assert_eq!(rig.seen.signals().iter().filter(|signal| *signal == BUDGET).count(), 3);
}

pub(crate) async fn a_call_dropped_while_it_waits_gives_its_retry_back<R: Runtime>(
    bench: Bench<R>,
) {
    let config = RetryConfig { attempts: 2, budget: half(), ..fixed(ms(4)) };
    let rig = rig(&bench, &[Step::Fail], config);
    assert_eq!(rig.route.clone().call(safe()).await, DOWN);
    let waiting = bench.start(&rig.route, safe());
    bench.settle().await;
    waiting.abort();
    bench.settle().await;
    let tries = rig.server.seen().len();
    assert_eq!(rig.route.call(safe()).await, DOWN);
    assert_eq!(rig.server.seen().len(), tries + 2, "there is a retry left");
}

pub(crate) async fn a_retry_that_would_be_too_late_is_not_made<R: Runtime>(bench: Bench<R>) {
    let rig = rig(&bench, &[Step::Fail], fixed(LONG));
    let deadline: Option<Time> = Some(bench.world.now() + LONG / 2);
    let began = bench.world.now();
    assert_eq!(rig.route.call(Context::new(Baggage { deadline, ..safe().baggage })).await, DOWN);
    bench.took(began, ms(0));
    assert_eq!(rig.seen.signals(), ["RetryDenied { reason: Deadline, trace: TraceId(0) }"]);
}

pub(crate) async fn every_budget_denies_before_long<R: Runtime>(bench: Bench<R>) {
    for budget in [
        half().unwrap(),
        Budget::Tokens(TokensConfig::default()),
        Budget::Aws(AwsConfig { capacity: 50, ..AwsConfig::default() }),
        Budget::Bucket(BucketConfig::default()),
        Budget::Cumulative(CumulativeConfig::default()),
    ] {
        let budget = Some(budget);
        let config = RetryConfig { attempts: 2, backoff: Backoff::None, budget, ..fixed(ms(1)) };
        let rig = rig(&bench, &[Step::Fail], config);
        for _ in 0..40 {
            assert_eq!(rig.route.clone().call(safe()).await, DOWN);
        }
        let retries = rig.server.seen().len() - 40;
        assert!(retries <= 20, "{budget:?} paid for {retries}");
        assert!(rig.seen.signals().contains(&BUDGET.to_owned()));
    }
}

pub(crate) async fn a_bound_on_retries_under_way_is_shared_and_given_back<R: Runtime>(
    bench: Bench<R>,
) {
    let budget = Some(Budget::Concurrent(ConcurrentConfig { share: 0.0, min: 1 }));
    let config = RetryConfig { attempts: 2, budget, ..fixed(LONG) };
    let rig = rig(&bench, &[Step::Fail], config);
    let waiting = bench.start(&rig.route, safe());
    bench.settle().await;
    if bench.exact {
        assert_eq!(rig.route.clone().call(safe()).await, DOWN);
        assert!(rig.seen.signals().contains(&BUDGET.to_owned()));
    }
    waiting.abort();
    bench.settle().await;
    let _second = bench.start(&rig.route, safe());
    bench.settle().await;
    if bench.exact {
        let retrying = rig.seen.signals().iter().filter(|it| it.starts_with("Retrying")).count();
        assert_eq!(retrying, 2, "the place was given back");
    }
}

pub(crate) async fn only_the_depths_that_are_set_are_retried<R: Runtime>(bench: Bench<R>) {
    let rig = rig(&bench, &[Step::Fail], RetryConfig { max_depth: Some(0), ..fixed(ms(1)) });
    assert_eq!(rig.route.clone().call(Context::new(Baggage { depth: 1, ..safe().baggage })).await, DOWN);
    assert_eq!(rig.server.seen().len(), 1);
    assert_eq!(rig.route.call(safe()).await, DOWN);
    assert_eq!(rig.server.seen().len(), 1 + 3);
}

pub(crate) async fn the_last_try_takes_what_is_left<R: Runtime>(bench: Bench<R>) {
    let server = Server::new(&bench, &[Step::Hang, Step::OkAfter(ms(30))]);
    let seen = Arc::default();
    let timeout = |after, inner| {
        TimeoutLayer::new(TimeoutConfig { after }, bench.env(&seen), inner)
    };
    let config = RetryConfig { attempts: 2, last_takes_rest: true, ..fixed(ms(1)) };
    let retry = RetryLayer::new(config, bench.env(&seen), timeout(ms(10), server));
    assert_eq!(timeout(LONG, retry).call(safe()).await, OK);
}
