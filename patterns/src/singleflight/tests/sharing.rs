//! What tells of the first caller alone is not shared.

use std::sync::{Arc, Mutex};

use super::bench;
use crate::call::{Baggage, BoxFuture, Call, Context, Failure, call_fn};
use crate::deadline::{DeadlineConfig, DeadlineLayer};
use crate::layer_tests::env;
use crate::singleflight::{SingleflightConfig, SingleflightLayer};
use crate::testing::{Step, TestCall, TestOutcome, at, end, ms, safe};
use crate::timeout::{TimeoutConfig, TimeoutLayer};

fn until(millis: u64) -> Context {
    Context::new(Baggage { deadline: Some(at(millis)), ..safe().baggage })
}

fn shared(inner: TestCall) -> TestCall {
    let key = Box::new(|_: &Context| 0);
    SingleflightLayer::new(SingleflightConfig::default(), key, env(), inner)
}

async fn all<const N: usize>(layer: &TestCall, requests: [Context; N]) -> Vec<TestOutcome> {
    let mut outcomes = Vec::new();
    for call in requests.map(|request| tokio::spawn(Arc::clone(layer).call(request))) {
        outcomes.push(end(call).await.unwrap());
    }
    outcomes
}

/// The call is polled while the other leaves, as it may be on two threads.
#[tokio::test(start_paused = true)]
async fn who_leaves_while_the_call_is_polled_does_not_end_it() {
    let leaves: Arc<Mutex<Option<BoxFuture<TestOutcome>>>> = Arc::default();
    let left = Arc::clone(&leaves);
    let server = call_fn(move |_: Context| {
        let left = Arc::clone(&left);
        async move {
            tokio::task::yield_now().await;
            drop(left.lock().unwrap().take());
            tokio::task::yield_now().await;
            Ok(7)
        }
    });
    let layer = shared(server);
    let first = Arc::clone(&layer).call(safe());
    *leaves.lock().unwrap() = Some(Arc::clone(&layer).call(safe()));
    assert_eq!(first.await, Ok(7));
    assert!(leaves.lock().unwrap().is_none());
}

/// A timeout inside ends the call at the deadline of who made it. Two have more time: they share
/// another call.
#[tokio::test(start_paused = true)]
async fn who_has_more_time_than_the_first_does_not_time_out_with_it() {
    let (server, _, _) = bench(&[Step::OkAfter(ms(30))]);
    let inner = TimeoutLayer::new(TimeoutConfig { after: ms(1_000) }, env(), server.clone());
    let layer = shared(inner);
    let outcomes = all(&layer, [until(20), until(20), until(500), safe()]).await;
    assert!(matches!(outcomes[..2], [Err(Failure::TimedOut(_)), Err(Failure::TimedOut(_))]));
    assert_eq!(outcomes[2..], [Ok(7), Ok(7)]);
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn nor_is_it_refused_because_the_first_came_too_late() {
    let refused_late = call_fn(|request: Context| async move {
        tokio::task::yield_now().await;
        let server = call_fn(|_: Context| async { Ok(7) });
        let config = DeadlineConfig { min_remaining: ms(10), ..DeadlineConfig::default() };
        DeadlineLayer::new(config, env(), server).call(request).await
    });
    let outcomes = all(&shared(refused_late), [until(5), until(500)]).await;
    let Err(Failure::Rejected(_)) = outcomes[0] else { panic!("{outcomes:?}") };
    assert_eq!(outcomes[1], Ok(7));
}

#[tokio::test(start_paused = true)]
async fn any_other_failure_is_that_of_all_who_wait() {
    let (server, _, layer) = bench(&[Step::Hang]);
    let hung: TestCall = TimeoutLayer::new(TimeoutConfig { after: ms(40) }, env(), server.clone());
    let outcomes = all(&shared(hung), [until(90), safe()]).await;
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Err(Failure::TimedOut(_)))));
    assert_eq!((server.seen().len(), layer.flights()), (1, 0));
    let fails = call_fn(|_: Context| async {
        tokio::task::yield_now().await;
        Err(Failure::Service("down"))
    });
    let outcomes = all(&shared(fails), [safe(), until(90)]).await;
    assert_eq!(outcomes, [Err(Failure::Service("down")), Err(Failure::Service("down"))]);
}

/// Each waits for as long as it wants.
#[tokio::test(start_paused = true)]
async fn a_timeout_around_it_ends_the_wait_of_one() {
    let (server, _, layer) = bench(&[Step::OkAfter(ms(50))]);
    let short: TestCall = TimeoutLayer::new(TimeoutConfig { after: ms(20) }, env(), layer.clone());
    let impatient = tokio::spawn(short.call(safe()));
    tokio::task::yield_now().await;
    let patient = tokio::spawn(layer.call(safe()));
    assert!(matches!(end(impatient).await.unwrap(), Err(Failure::TimedOut(_))));
    assert_eq!(end(patient).await.unwrap(), Ok(7));
    assert_eq!(server.seen().len(), 1);
}
