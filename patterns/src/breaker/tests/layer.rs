use std::sync::Arc;

use cascadia_runtime::Runtime;

use super::{BreakerConfig, BreakerLayer, BreakerState, Manual, plain};
use crate::call::{Call, Class, Classify, Context, Failure, Reason};
use crate::env::Env;
use crate::testing::{Recorder, Server, Step, TestOutcome, TestWorld, at, env, ms};

type TestLayer = BreakerLayer<TestWorld, Context, u32, &'static str>;

struct Bench {
    world: TestWorld,
    server: Arc<Server>,
    observe: Arc<Recorder>,
    layer: Arc<TestLayer>,
}

fn bench(script: &[Step], config: BreakerConfig) -> Bench {
    let (world, observe) = (TestWorld::new(), Arc::default());
    let server = Server::new(world, script);
    let layer = BreakerLayer::new(config, env(world, &observe), server.clone());
    Bench { world, server, observe, layer }
}

impl Bench {
    async fn call(&self) -> TestOutcome {
        self.layer.clone().call(Context::default()).await
    }

    fn state(&self) -> BreakerState {
        self.layer.snapshot().state
    }
}

fn reason(outcome: TestOutcome) -> Reason {
    match outcome {
        Err(Failure::Rejected(rejection)) => rejection.reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_circuit_opens_refuses_probes_and_closes() {
    let bench = bench(&[Step::Fail, Step::Fail, Step::Ok], plain());
    for _ in 0..2 {
        assert_eq!(bench.call().await, Err(Failure::Service("down")));
    }
    assert_eq!(reason(bench.call().await), Reason::OPEN);
    assert_eq!(bench.server.seen().len(), 2);
    bench.world.sleep(ms(100)).await;
    for _ in 0..2 {
        assert_eq!(bench.call().await, Ok(7));
    }
    assert_eq!(bench.state(), BreakerState::Closed);
    let signals = bench.observe.signals();
    assert_eq!(signals[0], "Breaker { from: Closed, to: Open }");
    assert!(signals[1].starts_with("Rejected"));
    assert_eq!(signals[2], "Breaker { from: Open, to: HalfOpen }");
    assert_eq!(signals[3..5], ["Count(probe)", "Count(probe)"]);
    assert_eq!(signals[5], "Breaker { from: HalfOpen, to: Closed }");
    assert_eq!(bench.observe.times(), [0, 0, 100, 100, 100, 100].map(at));
}

#[tokio::test(start_paused = true)]
async fn a_dropped_probe_gives_its_permit_back() {
    let script = [Step::Fail, Step::Fail, Step::Hang];
    let bench = bench(&script, plain());
    for _ in 0..2 {
        assert!(bench.call().await.is_err());
    }
    bench.world.sleep(ms(100)).await;
    let hung = [(); 2].map(|()| tokio::spawn(bench.layer.clone().call(Context::default())));
    tokio::task::yield_now().await;
    assert_eq!(bench.server.in_flight(), 2, "two probes");
    assert_eq!(reason(bench.call().await), Reason::PROBES_TAKEN);
    hung.into_iter().for_each(|probe| probe.abort());
    tokio::task::yield_now().await;
    assert_eq!(bench.state(), BreakerState::HalfOpen);
    let _probe = tokio::spawn(bench.layer.clone().call(Context::default()));
    tokio::task::yield_now().await;
    assert_eq!(bench.server.in_flight(), 1);
}

struct NothingMatters;

impl Classify<u32, &'static str> for NothingMatters {
    fn classify(&self, _: &TestOutcome) -> Class {
        Class::Ignore
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_ignored_neither_opens_nor_closes() {
    let world = TestWorld::new();
    let server = Server::new(world, &[Step::Fail]);
    let classify = Arc::new(NothingMatters);
    let env = Env { classify, ..env(world, &Arc::default()) };
    let layer = BreakerLayer::new(plain(), env, server);
    for _ in 0..9 {
        assert_eq!(layer.clone().call(Context::default()).await, Err(Failure::Service("down")));
    }
    assert_eq!(layer.snapshot().state, BreakerState::Closed);
}

#[tokio::test(start_paused = true)]
async fn a_hand_on_the_circuit_is_seen() {
    let bench = bench(&[Step::Ok], plain());
    bench.layer.force(Manual::ForcedOpen);
    assert_eq!(reason(bench.call().await), Reason::OPEN);
    assert_eq!(bench.observe.signals()[0], "Breaker { from: Closed, to: ForcedOpen }");
    bench.layer.force(Manual::Automatic);
    assert_eq!(bench.call().await, Ok(7));
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_panics_has_failed() {
    let script = [Step::Fail, Step::Fail, Step::Panic, Step::Ok];
    let bench = bench(&script, plain());
    for _ in 0..2 {
        assert!(bench.call().await.is_err());
    }
    bench.world.sleep(ms(100)).await;
    let panicked = tokio::spawn(bench.layer.clone().call(Context::default()));
    assert!(panicked.await.unwrap_err().is_panic());
    assert_eq!(bench.state(), BreakerState::Open);
    bench.world.sleep(ms(1_000)).await;
    for _ in 0..2 {
        assert_eq!(bench.call().await, Ok(7));
    }
    assert_eq!(bench.state(), BreakerState::Closed);
}
