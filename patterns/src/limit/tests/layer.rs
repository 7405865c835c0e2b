use std::sync::Arc;

use super::*;
use crate::call::{Call, Context, Failure, Layer, Reason};
use crate::limit::LimitLayer;
use crate::testing::{Recorder, Server, Step, TestEnv, TestWorld, env, safe};
use crate::timeout::{TimeoutConfig, TimeoutLayer};

type TestLayer = LimitLayer<TestWorld, Context, u32, &'static str>;

fn rig(script: &[Step]) -> (Arc<Recorder>, Arc<TestLayer>) {
    let (world, observe) = (TestWorld::new(), Arc::default());
    let timeout = TimeoutConfig { after: ms(50) };
    let timed = TimeoutLayer::new(timeout, env(world, &observe), Server::new(world, script));
    (observe.clone(), layer(env(world, &observe), timed))
}

fn layer(env: TestEnv, inner: crate::testing::TestCall) -> Arc<TestLayer> {
    let aimd = AimdConfig { initial: 2, min: 1, ..AimdConfig::default() };
    LimitLayer::new(
        LimitConfig { algorithm: Algorithm::Aimd(aimd), ..LimitConfig::default() },
        env,
        inner,
    )
}

#[tokio::test(start_paused = true)]
async fn over_the_limit_it_refuses_at_once() {
    let (observe, layer) = rig(&[Step::Hang]);
    let hung: Vec<_> = (0..2).map(|_| tokio::spawn(layer.clone().call(safe()))).collect();
    tokio::task::yield_now().await;
    let Err(Failure::Rejected(refusal)) = layer.clone().call(safe()).await else { panic!() };
    assert_eq!((refusal.by, refusal.reason), (Layer::LIMIT, Reason::FULL));
    assert!(refusal.safe_to_retry);
    assert_eq!(layer.in_flight(), 2);
    for call in hung {
        assert_eq!(call.await.unwrap(), Err(Failure::TimedOut(Layer::TIMEOUT)));
    }
    assert_eq!((layer.in_flight(), layer.limit()), (0, 1));
    let levels: Vec<_> =
        observe.signals().into_iter().filter(|signal| signal.starts_with("Level")).collect();
    assert_eq!(levels, ["Level(limit, 2.0)", "Level(limit, 1.0)"]);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_or_panics_gives_its_permit_back() {
    let (_, layer) = rig(&[Step::Panic, Step::Hang]);
    assert!(tokio::spawn(layer.clone().call(safe())).await.unwrap_err().is_panic());
    assert_eq!((layer.in_flight(), layer.limit()), (0, 2));
    let hung = tokio::spawn(layer.clone().call(safe()));
    tokio::task::yield_now().await;
    assert_eq!(layer.in_flight(), 1);
    hung.abort();
    assert!(hung.await.is_err());
    assert_eq!((layer.in_flight(), layer.limit()), (0, 2));
}

/// An error comes fast, and says nothing about how much the server can do.
#[tokio::test(start_paused = true)]
async fn an_error_moves_nothing() {
    let (_, layer) = rig(&[Step::Fail]);
    for _ in 0..100 {
        assert_eq!(layer.clone().call(safe()).await, Err(Failure::Service("down")));
    }
    assert_eq!((layer.in_flight(), layer.limit()), (0, 2));
}

#[tokio::test(start_paused = true)]
async fn answers_move_the_limit() {
    let (_, layer) = rig(&[Step::OkAfter(ms(1))]);
    let calls: Vec<_> = (0..2).map(|_| tokio::spawn(layer.clone().call(safe()))).collect();
    for call in calls {
        assert_eq!(call.await.unwrap(), Ok(7));
    }
    assert_eq!(layer.limit(), 4);
}
