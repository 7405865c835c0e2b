use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::{Runtime, Time};
use proptest::prelude::*;

use super::{DocumentBreaker, DocumentConfig, DocumentLayer};
use crate::breaker::Transition;
use crate::call::{Call, Context, Failure};
use crate::observe::BreakerState;
use crate::testing::{Recorder, Server, Step, TestWorld, at, env, ms};

fn broken(now: Time) -> DocumentBreaker {
    let mut core = DocumentBreaker::new(DocumentConfig::default());
    (0..5).for_each(|_| core.on_failure(now));
    assert_eq!(core.state(), BreakerState::Open);
    core
}

fn half_open() -> DocumentBreaker {
    let mut core = broken(at(0));
    assert!(core.on_call(at(30_000)).is_err(), "30 s are not more than 30 s");
    assert!(core.on_call(at(30_001)).is_ok());
    assert_eq!(core.state(), BreakerState::HalfOpen);
    core
}

#[test]
fn each_number_must_be_one() {
    let default = DocumentConfig::default();
    assert_eq!(default.check(), Ok(()));
    for (config, field) in [
        (DocumentConfig { failures: 0, ..default }, "failures"),
        (DocumentConfig { recovery: Duration::ZERO, ..default }, "recovery"),
        (DocumentConfig { successes: 0, ..default }, "successes"),
    ] {
        assert_eq!(config.check().unwrap_err().field, field);
    }
}

#[test]
fn it_never_forgets_a_failure() {
    let mut core = DocumentBreaker::new(DocumentConfig::default());
    for failure in 1..=5 {
        for _ in 0..100_000 {
            core.on_success();
        }
        core.on_failure(at(0));
        assert_eq!(core.state() == BreakerState::Open, failure == 5, "1 of 100,000 failed");
    }
}

#[test]
fn it_probes_with_everything() {
    let mut core = half_open();
    assert!((0..1_000).all(|_| core.on_call(at(30_001)).is_ok()));
}

#[test]
fn a_late_success_closes_it_and_a_late_failure_opens_it() {
    let mut core = half_open();
    (0..3).for_each(|_| core.on_success());
    assert_eq!(core.state(), BreakerState::Closed, "though no probe has answered");
    let mut core = half_open();
    core.on_failure(at(30_002));
    assert_eq!(core.state(), BreakerState::Open, "though no probe has failed");
}

#[test]
fn a_late_failure_makes_the_wait_begin_anew() {
    let mut core = broken(at(0));
    core.on_failure(at(29_000));
    assert!(core.on_call(at(30_001)).is_err());
    assert!(core.on_call(at(59_001)).is_ok());
}

#[test]
fn it_resets_its_counters_only_when_it_closes() {
    let mut core = half_open();
    core.on_success();
    core.on_success();
    core.on_failure(at(30_001));
    assert!(core.on_call(at(60_002)).is_ok());
    core.on_success();
    core.on_success();
    assert_eq!(core.state(), BreakerState::HalfOpen);
    core.on_success();
    assert_eq!(core.state(), BreakerState::Closed);
    (0..4).for_each(|_| core.on_failure(at(60_003)));
    assert_eq!(core.state(), BreakerState::Closed);
}

#[tokio::test(start_paused = true)]
async fn the_layer_opens_refuses_and_closes() {
    let (world, observe) = (TestWorld::new(), Arc::<Recorder>::default());
    let script = [Step::Fail, Step::Fail, Step::Fail, Step::Fail, Step::Fail, Step::Ok];
    let server = Server::new(world, &script);
    let layer = DocumentLayer::new(DocumentConfig::default(), env(world, &observe), server.clone());
    for _ in 0..5 {
        assert_eq!(layer.clone().call(Context::default()).await, Err(Failure::Service("down")));
    }
    let refused = layer.clone().call(Context::default()).await;
    assert!(
        matches!(refused, Err(Failure::Rejected(rejection)) if rejection.retry_after.is_none())
    );
    world.sleep(ms(30_001)).await;
    for _ in 0..3 {
        assert_eq!(layer.clone().call(Context::default()).await, Ok(7));
    }
    assert_eq!((layer.state(), server.seen().len()), (BreakerState::Closed, 8));
    assert_eq!(observe.signals().len(), 4);
}

proptest! {
    /// Whatever comes, it moves only along its three edges, and refuses for thirty seconds after the
    /// last failure and no longer.
    #[test]
    fn no_history_breaks_its_few_rules(events in prop::collection::vec((0u64..20_000, 0u8..3), 0..300)) {
        use BreakerState::{Closed, HalfOpen, Open};
        let mut core = DocumentBreaker::new(DocumentConfig::default());
        let (mut now, mut last_failure) = (0, 0);
        let (mut failures, mut successes) = (0, 0);
        for (pause, event) in events {
            now += pause;
            let before = core.state();
            match event {
                0 => {
                    let refused = before == Open && now <= last_failure + 30_000;
                    prop_assert_eq!(core.on_call(at(now)).is_err(), refused);
                }
                1 => {
                    core.on_success();
                    successes += u32::from(before == HalfOpen);
                }
                _ => {
                    core.on_failure(at(now));
                    (last_failure, failures) = (now, failures + 1);
                }
            }
            let Some(Transition { from, to }) = core.poll_transition() else {
                prop_assert_eq!(core.state(), before);
                continue;
            };
            prop_assert_eq!((from, to), (before, core.state()));
            match (from, to) {
                (Closed, Open) => prop_assert!(failures >= 5),
                (Open, HalfOpen) => prop_assert!(event == 0 && now > last_failure + 30_000),
                (HalfOpen, Open) => prop_assert_eq!(event, 2),
                (HalfOpen, Closed) => prop_assert_eq!(successes, 3),
                other => prop_assert!(false, "{:?}", other),
            }
            if to != HalfOpen {
                successes = 0;
            }
            if to == Closed {
                failures = 0;
            }
        }
    }
}
