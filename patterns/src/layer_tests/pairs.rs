//! Every layer around every other, over servers of every kind.
//!
//! In HappySimulator a breaker around a crashed server counts successes, and one around a timeout
//! counts each call that timed out as one: what a call came to was not a value that travels through
//! the layers. Here it is, so no order of layers can turn it into another.

use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::Runtime;

use super::layers::{Build, env, put, samples};
use crate::call::{Baggage, Context, Failure};
use crate::sample::FALLEN;
use crate::testing::{Server, Step, TestCall, TestOutcome, TestWorld, ms};
use crate::timeout::{TimeoutConfig, TimeoutLayer};

const SERVERS: [Step; 5] =
    [Step::Ok, Step::OkAfter(Duration::from_millis(7)), Step::Fail, Step::Hang, Step::Panic];

/// Whether a server of this kind can be the cause of an outcome, through any layers.
fn can_come_of(step: Step, outcome: &TestOutcome) -> bool {
    match outcome {
        Err(Failure::Rejected(_)) | Ok(FALLEN) => true,
        Ok(_) => matches!(step, Step::Ok | Step::OkAfter(_)),
        Err(Failure::Service(_)) => matches!(step, Step::Fail),
        Err(Failure::TimedOut(_)) => matches!(step, Step::Hang | Step::OkAfter(_)),
    }
}

fn request(world: TestWorld, number: u64) -> Context {
    let deadline = number.is_multiple_of(3).then(|| world.now() + ms(60));
    Context::new(Baggage { safe: number.is_multiple_of(2), deadline, ..Baggage::default() })
}

/// Twelve calls, every third of which is dropped at some time.
async fn drive(stack: &TestCall, world: TestWorld, step: Step) {
    let calls = (0..12).map(|number| {
        let call = Arc::clone(stack).call(request(world, number));
        tokio::spawn(async move {
            world.sleep(ms(number * 2)).await;
            call.await
        })
    });
    let calls: Vec<_> = calls.collect();
    for (number, call) in calls.iter().enumerate().step_by(3) {
        world.sleep(ms(number as u64)).await;
        call.abort();
    }
    for call in calls {
        match call.await {
            Ok(outcome) => assert!(can_come_of(step, &outcome), "{outcome:?} of {step:?}"),
            Err(error) => assert!(error.is_cancelled() || matches!(step, Step::Panic)),
        }
    }
}

async fn check(outer: Build, inner: Build, step: Step) {
    let world = TestWorld::new();
    let server = Server::new(world, &[step]);
    let stack = put(outer, put(inner, server.clone()));
    let stack: TestCall = TimeoutLayer::new(TimeoutConfig { after: ms(500) }, env(), stack);
    drive(&stack, world, step).await;
    assert_eq!(server.in_flight(), 0, "somebody still waits for the server");
    // Ten minutes later nothing of it is left but what was lost.
    server.becomes(Step::Ok);
    world.sleep(ms(600_000)).await;
    for call in 0..4 {
        let request = Context::new(Baggage { safe: true, ..Baggage::default() });
        assert_eq!(Arc::clone(&stack).call(request).await, Ok(7), "call {call} after {step:?}");
        world.sleep(ms(1_000)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn no_pair_turns_an_outcome_into_another_or_loses_a_permit() {
    for outer in samples() {
        for inner in samples() {
            for step in SERVERS {
                let ended = tokio::spawn(check(outer.tight, inner.tight, step)).await;
                assert!(ended.is_ok(), "{} around {} over {step:?}", outer.name, inner.name);
            }
        }
    }
}

/// Hystrix, Polly and the AWS SDKs decide by the wall clock, and the time window of resilience4j by
/// one of its own: a step of it opens and closes circuits.
#[tokio::test(start_paused = true)]
async fn no_layer_asks_what_day_it_is() {
    for layer in samples() {
        for step in [Step::Ok, Step::Fail, Step::Hang] {
            let ended = tokio::spawn(check(layer.tight, |_, inner| inner, step)).await;
            assert!(ended.is_ok(), "{} over {step:?}", layer.name);
        }
    }
}
