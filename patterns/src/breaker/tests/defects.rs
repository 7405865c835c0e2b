//! What is wrong in other circuit breakers.

use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::Runtime;

use super::*;
use crate::call::{Call, Class, Classify, Context, Failure, Layer};
use crate::env::Env;
use crate::testing::{Server, Step, TestOutcome, TestWorld, at, env};
use crate::timeout::{TimeoutConfig, TimeoutLayer};

#[test]
fn a_count_window_slides_so_a_million_successes_do_not_outweigh_its_size_of_failures() {
    let config = BreakerConfig { windows: vec![Window::Count(100)], consecutive: None, ..plain() };
    let mut bench = Bench::new(config);
    for _ in 0..1_000_000 {
        let permit = bench.admit(at(0));
        bench.ok(at(0), permit);
    }
    let failures = (1..=100).find(|_| {
        let permit = bench.admit(at(1));
        bench.fail(at(1), permit);
        bench.core.state() == BreakerState::Open
    });
    assert_eq!(failures, Some(50));
}

#[test]
fn half_open_lets_its_probes_through_and_not_the_whole_load() {
    let mut bench = Bench::new(plain());
    bench.break_at(at(0));
    let permits: Vec<_> = (0..1_000).filter_map(|_| bench.call(at(100)).ok()).collect();
    assert_eq!(permits.len(), 2);
}

#[test]
fn an_open_wait_below_a_second_is_not_cut_to_nothing() {
    let open = OpenWait::fixed(Duration::from_millis(250));
    let mut bench = Bench::new(BreakerConfig { open, ..plain() });
    bench.break_at(at(0));
    assert_eq!(bench.refused(at(0)).retry_after, Some(ms(250)));
    assert_eq!(bench.refused(at(249)).retry_after, Some(ms(1)));
    let _probe = bench.admit(at(250));
}

#[test]
fn failures_of_an_open_circuit_do_not_make_it_wait_longer() {
    let mut bench = Bench::new(plain());
    let late: Vec<_> = (0..10).map(|_| bench.admit(at(0))).collect();
    bench.break_at(at(0));
    late.into_iter().for_each(|permit| bench.fail(at(99), permit));
    assert_eq!(bench.core.next_deadline(), Some(at(100)));
}

/// Says nothing of a timeout, and that an answer of 7 is a failure.
struct Odd;

impl Classify<u32, &'static str> for Odd {
    fn classify(&self, outcome: &TestOutcome) -> Class {
        match outcome {
            Err(Failure::TimedOut(_)) => Class::Ignore,
            _ => Class::Failure { retryable: true, overload: false },
        }
    }
}

fn layer(
    script: &[Step],
    classify: Option<Odd>,
) -> (TestWorld, Arc<BreakerLayer<TestWorld, Context, u32, &'static str>>) {
    let world = TestWorld::new();
    let plain_env = || env(world, &Arc::default());
    let timeout = TimeoutConfig { after: ms(10) };
    let timeout = TimeoutLayer::new(timeout, plain_env(), Server::new(world, script));
    let env = match classify {
        Some(odd) => Env { classify: Arc::new(odd), ..plain_env() },
        None => plain_env(),
    };
    (world, BreakerLayer::new(plain(), env, timeout))
}

#[tokio::test(start_paused = true)]
async fn an_ignored_probe_does_not_close_the_circuit() {
    let (world, breaker) = layer(&[Step::Fail, Step::Fail, Step::Hang], Some(Odd));
    for _ in 0..2 {
        assert_eq!(breaker.clone().call(Context::default()).await, Err(Failure::Service("down")));
    }
    world.sleep(ms(100)).await;
    for _ in 0..5 {
        let outcome = breaker.clone().call(Context::default()).await;
        assert_eq!(outcome, Err(Failure::TimedOut(Layer::TIMEOUT)), "its permit came back");
        assert_eq!(breaker.snapshot().state, BreakerState::HalfOpen);
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_hangs_opens_the_circuit_and_its_timeouts_are_no_successes() {
    let (_, breaker) = layer(&[Step::Hang], None);
    for _ in 0..2 {
        let outcome = breaker.clone().call(Context::default()).await;
        assert_eq!(outcome, Err(Failure::TimedOut(Layer::TIMEOUT)));
    }
    assert_eq!(breaker.snapshot().state, BreakerState::Open);
}

#[tokio::test(start_paused = true)]
async fn a_response_that_reports_an_error_is_a_failure_if_the_classifier_says_so() {
    let (_, breaker) = layer(&[Step::Ok], Some(Odd));
    for _ in 0..2 {
        assert_eq!(breaker.clone().call(Context::default()).await, Ok(7));
    }
    assert_eq!(breaker.snapshot().state, BreakerState::Open);
}
