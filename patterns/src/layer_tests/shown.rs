//! Whoever holds a layer can print it: its settings, its state and what it is around.

use std::sync::{Arc, Mutex};

use cascadia_runtime::{Runtime, Time, TokioWorld};

use super::layers::{Build, env, put, samples};
use crate::breaker::{BreakerConfig, BreakerLayer};
use crate::bulkhead::{BulkheadConfig, BulkheadLayer};
use crate::call::{Call as _, Context, Failure, Stack, call_fn};
use crate::observe::{Observe, Signal};
use crate::sync::{Shown, lock};
use crate::testing::{Server, Step, TestCall, TestEnv, TestWorld, ms, safe};
use crate::timeout::Timed;

/// A layer with a call under way that came after a millisecond.
async fn shown(build: Build) -> String {
    let server = Server::new(TestWorld::new(), &[Step::Hang]);
    let layer = put(build, server);
    TokioWorld::new().sleep(ms(1)).await;
    let call = tokio::spawn(Arc::clone(&layer).call(safe()));
    tokio::task::yield_now().await;
    let shown = format!("{layer:?}");
    call.abort();
    shown
}

#[tokio::test(start_paused = true)]
async fn every_layer_shows_its_settings_its_state_and_what_is_inside() {
    let mut missing = Vec::new();
    for sample in samples() {
        let shown = shown(sample.tight).await;
        let [layer, setting, state] = sample.shown;
        assert!(shown.starts_with(&format!("{layer} {{ ")), "{}: {shown}", sample.name);
        let parts = [setting, state, "testing::Server"].into_iter();
        missing
            .extend(parts.filter(|part| !shown.contains(part)).map(|part| (part, shown.clone())));
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// One is around the other, so that both are printed in full by whoever holds the stack.
#[tokio::test(start_paused = true)]
async fn a_stack_shows_all_its_layers_from_outside_in() {
    for outer in samples() {
        for inner in samples() {
            let server = Server::new(TestWorld::new(), &[Step::Ok]);
            let stack = Stack(put(outer.tight, put(inner.tight, server)));
            let shown = format!("{stack:?}");
            let places = [&outer, &inner].map(|sample| {
                let [layer, ..] = sample.shown;
                (shown.find(layer), shown.rfind(layer))
            });
            let [(Some(outer), _), (_, Some(inner))] = places else { panic!("{shown}") };
            assert!(outer < inner, "{shown}");
        }
    }
}

/// Neither a function nor what it fails with can be printed.
#[tokio::test(start_paused = true)]
async fn what_a_user_puts_into_a_layer_need_not_be_shown() {
    struct Opaque;
    let opaque = Opaque;
    let call = call_fn(move |_: Context| {
        let _opaque = &opaque;
        async { Err::<Opaque, _>(Failure::Service(Opaque)) }
    });
    let env = || crate::env::Env::new(TestWorld::new(), cascadia_runtime::Stream::from_seed(1));
    let stack = Stack(BreakerLayer::new(BreakerConfig::default(), env(), call));
    assert!(format!("{stack:?}").contains("what_a_user_puts_into_a_layer"), "{stack:?}");
    assert!(format!("{:?}", env()).starts_with("Env {"));
    let stream = Timed::new(TestWorld::new(), tokio::io::empty(), ms(10));
    assert!(format!("{stream:?}").contains("idle: 10ms"), "{stream:?}");
}

#[tokio::test(start_paused = true)]
async fn what_is_shown_follows_the_state() {
    let server = Server::new(TestWorld::new(), &[Step::Fail]);
    let config = BreakerConfig { consecutive: Some(2), ..BreakerConfig::default() };
    let breaker = BreakerLayer::new(config, env(), server);
    for phase in ["phase: Closed", "phase: Closed", "phase: Open { until: "] {
        let shown = format!("{breaker:?}");
        assert!(shown.contains(phase), "{shown}");
        assert!(breaker.clone().call(safe()).await.is_err());
    }
}

/// An observer that is told while a call is under way prints the layer that tells it.
#[tokio::test(start_paused = true)]
async fn an_observer_may_print_the_layer_that_it_observes() {
    #[derive(Default)]
    struct Printer(Mutex<(Option<TestCall>, String)>);
    impl Observe for Printer {
        fn signal(&self, _: Time, _: &Signal<'_>) {
            let (layer, shown) = &mut *lock(&self.0);
            *shown = format!("{layer:?}");
        }
    }
    let printer = Arc::<Printer>::default();
    let stream = cascadia_runtime::Stream::from_seed(1);
    let observe = Arc::clone(&printer) as Arc<dyn Observe>;
    let env = TestEnv { observe, ..TestEnv::new(TestWorld::new(), stream) };
    let one = BulkheadConfig { limit: 1, ..BulkheadConfig::default() };
    let server = Server::new(TestWorld::new(), &[Step::Hang]);
    let bulkhead: TestCall = BulkheadLayer::new(one, env, server);
    lock(&printer.0).0 = Some(bulkhead.clone());
    let held = tokio::spawn(bulkhead.clone().call(safe()));
    tokio::task::yield_now().await;
    assert!(bulkhead.call(safe()).await.is_err());
    held.abort();
    let printed = std::mem::take(&mut *lock(&printer.0)).1;
    assert!(printed.contains("in_flight: 1"), "{printed}");
}

#[test]
fn a_lock_is_not_waited_for_and_a_panic_hides_nothing() {
    let state = Mutex::new(7);
    let show = || format!("{:?}", Shown(&state, |number| number));
    assert_eq!(show(), "7");
    let held = lock(&state);
    assert_eq!(show(), "<locked>");
    drop(held);
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _held = lock(&state);
        std::panic::resume_unwind(Box::new("planted"))
    }));
    assert!(panicked.is_err() && state.is_poisoned());
    assert_eq!(show(), "7");
}
