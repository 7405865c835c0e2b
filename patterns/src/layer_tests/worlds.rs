//! Layers that were built at different times, each with a handle of its own, agree on the time.

use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::{Runtime, Stream, TokioWorld};

use crate::call::{Baggage, Context, Failure, Layer, Reason, call_fn};
use crate::deadline::{DeadlineConfig, DeadlineLayer};
use crate::env::Env;
use crate::testing::{TestCall, TestOutcome, ms};
use crate::timeout::{TimeoutConfig, TimeoutLayer};

const LONG: Duration = Duration::from_secs(60);

fn env() -> Env<TokioWorld, u32, &'static str> {
    Env::new(TokioWorld::new(), Stream::from_seed(1))
}

fn timeout(after: Duration, inner: TestCall) -> TestCall {
    TimeoutLayer::new(TimeoutConfig { after }, env(), inner)
}

fn deadline(inner: TestCall) -> TestCall {
    DeadlineLayer::new(DeadlineConfig::default(), env(), inner)
}

/// Works for so long, whatever the deadline is.
fn server(work: Duration) -> TestCall {
    call_fn(move |_: Context| async move {
        tokio::time::sleep(work).await;
        Ok(7)
    })
}

/// What becomes of a call with `left` to its deadline, and of one whose deadline has passed.
async fn ends(world: TokioWorld, stack: &TestCall, left: Duration) -> [TestOutcome; 2] {
    let now = world.now();
    let call = |deadline| {
        let request = Context::new(Baggage { deadline: Some(deadline), ..Baggage::default() });
        Arc::clone(stack).call(request)
    };
    [call(now + left).await, call(now - ms(1)).await]
}

/// Builds a layer, waits, and builds another: outside of it, and inside.
async fn check(between: Duration) {
    let world = TokioWorld::new();
    let patient = deadline(server(ms(1)));
    let limited = timeout(ms(5), server(LONG));
    world.sleep(between).await;
    let late = timeout(LONG, patient);
    let impatient = timeout(LONG, deadline(limited));
    world.sleep(between).await;
    let [in_time, too_late] = ends(world, &late, LONG).await;
    assert_eq!(in_time, Ok(7), "the layers were built {between:?} apart");
    assert_eq!(too_late, Err(Failure::TimedOut(Layer::DEADLINE)));
    let [given_up, _] = ends(world, &impatient, LONG).await;
    assert_eq!(given_up, Err(Failure::TimedOut(Layer::TIMEOUT)));
    let [_, expired] = ends(world, &deadline(late), LONG).await;
    let Err(Failure::Rejected(rejection)) = expired else { panic!("{expired:?}") };
    assert_eq!((rejection.by, rejection.reason), (Layer::DEADLINE, Reason::EXPIRED));
}

#[tokio::test]
async fn a_deadline_of_one_layer_is_heeded_by_another_on_a_real_clock() {
    check(ms(20)).await;
}

#[tokio::test(start_paused = true)]
async fn a_deadline_of_one_layer_is_heeded_by_another_on_a_paused_clock() {
    for between in [1, 1_000, 86_400_000] {
        check(ms(between)).await;
    }
}
