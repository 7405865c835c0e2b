//! A call may end others from within: what comes of one may be that who asked for another leaves.

use std::sync::{Arc, Mutex};
use std::task::{Context as Polling, Waker};

use cascadia_runtime::Runtime;
use proptest::prelude::*;

use super::layers::{Sample, put, samples};
use crate::call::{BoxFuture, call_fn};
use crate::sync::lock;
use crate::testing::{TestCall, TestOutcome, TestWorld, ms, safe};

/// Calls by who waits for them. Whoever polls one has taken it out.
type Waiting = Arc<Mutex<Vec<Option<BoxFuture<TestOutcome>>>>>;

const CALLERS: usize = 4;

/// A server that drops one of the calls with each poll.
fn server(waiting: &Waiting, leavers: Vec<usize>) -> TestCall {
    let (waiting, leavers) = (Arc::clone(waiting), Arc::new(Mutex::new(leavers)));
    call_fn(move |_| {
        let (waiting, leavers) = (Arc::clone(&waiting), Arc::clone(&leavers));
        async move {
            loop {
                let Some(leaver) = lock(&leavers).pop() else { return Ok(7) };
                let left = lock(&waiting).get_mut(leaver).and_then(Option::take);
                drop(left);
                tokio::task::yield_now().await;
            }
        }
    })
}

/// Polls the calls in turn, and then lets everybody go.
async fn check(sample: &Sample, turns: &[usize], leavers: &[usize]) {
    let waiting = Waiting::default();
    let layer = put(sample.tight, server(&waiting, leavers.to_vec()));
    for _ in 0..CALLERS {
        let call = Arc::clone(&layer).call(safe());
        lock(&waiting).push(Some(call));
    }
    for turn in turns {
        let Some(mut call) = lock(&waiting)[*turn].take() else { continue };
        if call.as_mut().poll(&mut Polling::from_waker(Waker::noop())).is_pending() {
            lock(&waiting)[*turn] = Some(call);
        }
    }
    let left = std::mem::take(&mut *lock(&waiting));
    drop(left);
    TestWorld::new().sleep(ms(1_000)).await;
    assert_eq!(layer.call(safe()).await, Ok(7), "{}: it works again", sample.name);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn callers_may_leave_while_a_call_is_polled(
        turns in prop::collection::vec(0..CALLERS, 0..16),
        leavers in prop::collection::vec(0..CALLERS, 0..8),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = { runtime }.enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            for sample in samples() {
                check(&sample, &turns, &leavers).await;
            }
        });
    }
}
