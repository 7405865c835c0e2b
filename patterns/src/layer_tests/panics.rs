//! What a layer calls may panic: the call itself, its polls, who judges its end and who is told of it. What the call
//! held comes back, and it has failed.

use std::cell::RefCell;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex};

use cascadia_runtime::{Runtime, Time};
use proptest::prelude::*;

use super::layers::{Sample, put, samples};
use crate::call::{
    BoxFuture, Call, Class, Classify, Context, DefaultClassifier, Failure, Layer, Reason,
};
use crate::env::Env;
use crate::observe::{Observe, Signal};
use crate::sample::Doing;
use crate::sync::lock;
use crate::testing::{TestCall, TestOutcome, TestWorld, ms, safe};

/// Where it panics, or what happens instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Call,
    Poll,
    Later,
    Classifier,
    Observer,
    Ok,
    Fails,
}

const FAULTS: [Fault; 7] = [
    Fault::Call,
    Fault::Poll,
    Fault::Later,
    Fault::Classifier,
    Fault::Observer,
    Fault::Ok,
    Fault::Fails,
];

/// What panics now.
type Now = Arc<Mutex<Fault>>;

thread_local! {
    /// What the layers that are built on this thread are given.
    static PLANTED: RefCell<Option<Now>> = const { RefCell::new(None) };
}

struct Planted(Now);

impl Planted {
    fn panics_at(&self, fault: Fault) {
        let now = *lock(&self.0);
        if now == fault {
            panics();
        }
    }
}

/// Without a word of it on the terminal.
fn panics() -> ! {
    resume_unwind(Box::new("planted"))
}

impl Observe for Planted {
    fn signal(&self, _: Time, _: &Signal<'_>) {
        self.panics_at(Fault::Observer);
    }
}

impl Classify<u32, &'static str> for Planted {
    fn classify(&self, outcome: &TestOutcome) -> Class {
        self.panics_at(Fault::Classifier);
        DefaultClassifier.classify(outcome)
    }
}

/// What samples are built with: what a test has planted, where one has.
pub(crate) fn planted<R>(env: Env<R, u32, &'static str>) -> Env<R, u32, &'static str> {
    match PLANTED.with_borrow(Clone::clone) {
        Some(now) => Env {
            classify: Arc::new(Planted(Arc::clone(&now))),
            observe: Arc::new(Planted(now)),
            ..env
        },
        None => env,
    }
}

/// A server that does as the fault says.
struct Server(Now);

impl Call<Context, u32, &'static str> for Server {
    fn call(self: Arc<Self>, _: Context) -> BoxFuture<TestOutcome> {
        let fault = *lock(&self.0);
        if fault == Fault::Call {
            panics();
        }
        Box::pin(async move {
            match fault {
                Fault::Poll => panics(),
                Fault::Later => {
                    TestWorld::new().sleep(ms(1)).await;
                    panics()
                }
                Fault::Fails => Err(Failure::Service("down")),
                _ => Ok(7),
            }
        })
    }

    fn inner(&self) -> Option<&dyn Call<Context, u32, &'static str>> {
        None
    }
}

/// Builds a layer that is given what is planted.
fn built(now: &Now, build: impl FnOnce(TestCall) -> TestCall) -> TestCall {
    PLANTED.set(Some(Arc::clone(now)));
    let layer = build(Arc::new(Server(Arc::clone(now))));
    PLANTED.set(None);
    layer
}

/// Makes so many calls at once and sees all of them end, by a panic or otherwise.
async fn calls(layer: &TestCall, count: usize) {
    let call = |_| {
        let layer = Arc::clone(layer);
        tokio::spawn(async move { layer.call(safe()).await })
    };
    let calls: Vec<_> = (0..count).map(call).collect();
    for call in calls {
        let ended = tokio::time::timeout(ms(60_000), call).await;
        assert!(ended.is_ok(), "nobody waits for ever for what has panicked");
    }
}

async fn check(sample: &Sample, steps: &[(Fault, usize, u64)]) {
    let now = Now::new(Mutex::new(Fault::Ok));
    let layer = built(&now, |server| put(sample.tight, server));
    for (fault, count, pause) in steps {
        *lock(&now) = *fault;
        calls(&layer, *count).await;
        TestWorld::new().sleep(ms(*pause)).await;
        assert!(!format!("{layer:?}").is_empty(), "it can be shown");
    }
    *lock(&now) = Fault::Ok;
    // What has opened may close again, and what was ejected comes back.
    for _ in 0..20 {
        TestWorld::new().sleep(ms(10_000)).await;
        calls(&layer, 1).await;
    }
    TestWorld::new().sleep(ms(10_000)).await;
    assert_eq!(layer.call(safe()).await, Ok(7), "{} after {steps:?}", sample.name);
}

fn in_time(work: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_time().start_paused(true).build().unwrap();
    runtime.block_on(work);
}

#[test]
fn a_permit_comes_back_from_each_kind_of_panic() {
    for fault in FAULTS {
        in_time(async {
            for sample in samples() {
                check(&sample, &[(fault, 20, 0)]).await;
                check(&sample, &[(fault, 1, 1_000); 12]).await;
            }
        });
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_layer_works_after_any_panics(
        steps in prop::collection::vec(
            (prop::sample::select(FAULTS.to_vec()), 1..5usize, prop::sample::select(vec![0, 5, 1_500])),
            1..10,
        ),
    ) {
        in_time(async {
            for sample in samples() {
                check(&sample, &steps).await;
            }
        });
    }
}

/// Whether a layer refuses one of so many calls.
async fn refuses(layer: &TestCall, calls: usize, by: Layer, reason: Reason) -> bool {
    for _ in 0..calls {
        let layer = Arc::clone(layer);
        let call = tokio::spawn(async move { layer.call(safe()).await });
        if let Ok(Err(Failure::Rejected(rejection))) = call.await
            && (rejection.by, rejection.reason) == (by, reason)
        {
            return true;
        }
    }
    false
}

#[test]
fn what_panicked_has_failed() {
    let mut count = 0;
    for fault in [Fault::Call, Fault::Poll, Fault::Later, Fault::Classifier] {
        in_time(async {
            for sample in samples() {
                let Some((Doing::Fail, calls, by, reason)) = sample.refuses else { continue };
                let now = Now::new(Mutex::new(fault));
                let layer = built(&now, |server| put(sample.tight, server));
                assert!(refuses(&layer, calls, by, reason).await, "{} {fault:?}", sample.name);
                count += 1;
            }
        });
    }
    assert!(count >= 12, "{count} layers refuse what fails");
}
