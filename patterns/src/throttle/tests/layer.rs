use std::sync::Arc;

use super::*;
use crate::call::{Call, Context, Failure, Layer, Reason};
use crate::testing::{Recorder, Server, Step, TestWorld, env};

type TestLayer = ThrottleLayer<TestWorld, Context, u32, &'static str>;

fn bench(script: &[Step]) -> (Arc<Server>, Arc<Recorder>, Arc<TestLayer>) {
    let (world, observe) = (TestWorld::new(), Arc::default());
    let server = Server::new(world, script);
    let layer = ThrottleLayer::new(plain(), env(world, &observe), server.clone());
    (server, observe, layer)
}

#[tokio::test(start_paused = true)]
async fn a_server_that_works_is_never_throttled() {
    let (server, observe, layer) = bench(&[Step::Ok]);
    for _ in 0..1_000 {
        assert_eq!(layer.clone().call(Context::default()).await, Ok(7));
    }
    assert_eq!((server.seen().len(), observe.signals().len()), (1_000, 0));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_fails_is_spared_and_the_refusal_says_who() {
    let (server, observe, layer) = bench(&[Step::Fail]);
    let mut refusals = 0;
    for _ in 0..1_000 {
        if let Err(Failure::Rejected(rejection)) = layer.clone().call(Context::default()).await {
            assert_eq!((rejection.by, rejection.reason), (Layer::THROTTLE, Reason::THROTTLED));
            assert!(rejection.safe_to_retry);
            refusals += 1;
        }
    }
    assert!((50..150).contains(&server.seen().len()), "{}", server.seen().len());
    assert_eq!(server.seen().len() + refusals, 1_000);
    let signals = observe.signals();
    assert_eq!(signals.iter().filter(|signal| signal.starts_with("Rejected")).count(), refusals);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_call_is_taken_back_and_one_that_panics_has_failed() {
    let (_, _, layer) = bench(&[Step::Hang, Step::Panic]);
    let hung = tokio::spawn(layer.clone().call(Context::default()));
    tokio::task::yield_now().await;
    assert_eq!(layer.refused(), 0.5, "1 / (1 + 1)");
    hung.abort();
    tokio::task::yield_now().await;
    assert_eq!(layer.refused(), 0.0);
    let panicked = tokio::spawn(layer.clone().call(Context::default()));
    assert!(panicked.await.unwrap_err().is_panic());
    assert_eq!(layer.refused(), 0.5);
}
