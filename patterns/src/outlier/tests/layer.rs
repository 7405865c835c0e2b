use std::sync::Arc;

use cascadia_runtime::Runtime;

use super::*;
use crate::balance::{BalanceConfig, BalanceKind, BalanceLayer};
use crate::call::Failure;
use crate::call::{Call, Context, Layer, Reason, Rejection, call_fn};
use crate::endpoints::{Endpoint, SetChange};
use crate::testing::{Recorder, Server, Step, TestCall, TestWorld, env, key, ms};

type TestLayer = OutlierLayer<TestWorld, Context, u32, &'static str>;

struct Bench {
    world: TestWorld,
    observe: Arc<Recorder>,
    layer: Arc<TestLayer>,
    balance: Arc<BalanceLayer<TestWorld, Context, u32, &'static str>>,
}

fn bench(endpoints: Vec<TestCall>, config: EnvoyConfig, kind: BalanceKind) -> Bench {
    let (world, observe) = (TestWorld::new(), Arc::default());
    let balance = BalanceLayer::new(BalanceConfig { kind }, env(world, &Arc::default()), endpoints);
    let layer =
        OutlierLayer::new(OutlierConfig::Envoy(config), env(world, &observe), balance.clone());
    Bench { world, observe, layer, balance }
}

fn half() -> EnvoyConfig {
    EnvoyConfig { max_ejection_percent: 0.5, ..EnvoyConfig::default() }
}

impl Bench {
    async fn failures(&self, calls: u32) -> u32 {
        let mut failures = 0;
        for _ in 0..calls {
            failures += u32::from(self.layer.clone().call(Context::default()).await.is_err());
        }
        failures
    }
}

#[tokio::test(start_paused = true)]
async fn a_sick_endpoint_gets_no_more_calls_until_it_is_back() {
    let world = TestWorld::new();
    let sick = Server::new(world, &[Step::Fail]);
    let well = Server::new(world, &[Step::Ok]);
    let bench = bench(vec![sick.clone(), well], half(), BalanceKind::RoundRobin);
    assert_eq!(bench.failures(100).await, 5);
    assert_eq!((sick.seen().len(), bench.layer.ejected()), (5, vec![key(0)]));
    bench.world.sleep(ms(30_000)).await;
    assert_eq!(bench.failures(100).await, 5);
    assert_eq!(
        bench.observe.signals(),
        [
            "Ejected { endpoint: 0, reason: ConsecutiveErrors }",
            "Level(ejected, 1.0)",
            "Restored { endpoint: 0 }",
            "Level(ejected, 0.0)",
            "Ejected { endpoint: 0, reason: ConsecutiveErrors }",
            "Level(ejected, 1.0)",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_fails_fast_does_not_attract_the_least_connections() {
    let world = TestWorld::new();
    let black_hole = Server::new(world, &[Step::Fail]);
    let well = Server::new(world, &[Step::Hang]);
    let endpoints: Vec<TestCall> = vec![black_hole.clone(), well.clone()];
    let bench = bench(endpoints, half(), BalanceKind::LeastConnections);
    for _ in 0..50 {
        tokio::spawn(bench.layer.clone().call(Context::default()));
        tokio::task::yield_now().await;
    }
    assert_eq!(black_hole.seen().len(), 5);
    assert_eq!(well.in_flight(), 45);
}

#[tokio::test(start_paused = true)]
async fn an_ejected_endpoint_keeps_the_calls_it_has() {
    let world = TestWorld::new();
    let (long, fail) = (Step::OkAfter(ms(50)), Step::Fail);
    let sick = Server::new(world, &[long, long, fail]);
    let well = Server::new(world, &[Step::Ok]);
    let bench = bench(vec![sick.clone(), well], half(), BalanceKind::RoundRobin);
    let call = || {
        let layer = bench.layer.clone();
        tokio::spawn(async move { layer.call(Context::default()).await })
    };
    let calls: Vec<_> = (0..20).map(|_| call()).collect();
    tokio::task::yield_now().await;
    assert_eq!(bench.layer.ejected(), [key(0)]);
    assert_eq!(sick.in_flight(), 2);
    let mut ok = 0;
    for call in calls {
        ok += u32::from(call.await.unwrap() == Ok(7));
    }
    assert_eq!(ok, 15, "five failed before it was ejected");
}

#[tokio::test(start_paused = true)]
async fn if_all_are_ejected_all_may_be_chosen() {
    let world = TestWorld::new();
    let servers = [(); 2].map(|()| Server::new(world, &[Step::Fail]));
    let endpoints = servers.iter().map(|server| Arc::clone(server) as TestCall).collect();
    let all = EnvoyConfig { max_ejection_percent: 1.0, ..half() };
    let bench = bench(endpoints, all, BalanceKind::RoundRobin);
    assert_eq!(bench.failures(100).await, 100);
    assert_eq!(bench.layer.ejected(), [key(0), key(1)]);
    assert!(servers.iter().all(|server| server.seen().len() == 50));
}

#[tokio::test(start_paused = true)]
async fn a_breaker_inside_that_refuses_says_nothing_and_neither_does_a_dropped_call() {
    let world = TestWorld::new();
    let open = call_fn(|_: Context| async {
        Err(Failure::Rejected(Rejection::new(Layer::BREAKER, Reason::OPEN)))
    });
    let hung = Server::new(world, &[Step::Hang]);
    let bench = bench(vec![open, hung], half(), BalanceKind::RoundRobin);
    for _ in 0..50 {
        let call = tokio::spawn(bench.layer.clone().call(Context::default()));
        tokio::task::yield_now().await;
        call.abort();
    }
    tokio::task::yield_now().await;
    assert_eq!(bench.layer.ejected(), []);
}

#[tokio::test(start_paused = true)]
async fn a_wait_is_not_needless_where_the_other_endpoints_are_ejected() {
    let open = call_fn(|_: Context| async {
        let refused = Rejection::new(Layer::BREAKER, Reason::OPEN).until(Some(ms(5_000)));
        Err(Failure::Rejected(refused))
    });
    let sick = Server::new(TestWorld::new(), &[Step::Fail]);
    let bench = bench(vec![open, sick], half(), BalanceKind::RoundRobin);
    assert_eq!(bench.failures(10).await, 10);
    assert_eq!(bench.layer.ejected(), [key(1)]);
    let refused = bench.layer.clone().call(Context::default()).await;
    let Err(Failure::Rejected(refused)) = refused else { panic!("the open endpoint refuses") };
    assert_eq!(refused.retry_after, Some(ms(5_000)));
}

#[tokio::test(start_paused = true)]
async fn without_an_endpoint_a_call_is_refused() {
    let bench = bench(Vec::new(), half(), BalanceKind::RoundRobin);
    assert_eq!(bench.failures(1).await, 1);
}

#[tokio::test(start_paused = true)]
async fn who_leaves_is_forgotten_and_the_share_is_one_of_those_that_are_left() {
    let world = TestWorld::new();
    let fail = || Server::new(world, &[Step::Fail]) as TestCall;
    let ok = || Server::new(world, &[Step::Ok]) as TestCall;
    let third = EnvoyConfig { max_ejection_percent: 0.34, ..half() };
    let bench = bench(vec![fail(), ok(), fail(), ok()], third, BalanceKind::RoundRobin);
    bench.failures(100).await;
    let [first] = bench.layer.ejected()[..] else { panic!("two of four would be half of them") };
    let second = key(2 - first.number());
    bench.balance.change(SetChange::Leave(first));
    bench.failures(100).await;
    assert_eq!(bench.layer.ejected(), [second], "one of three");
    let levels = ["Level(ejected, 1.0)", "Level(ejected, 0.0)", "Level(ejected, 1.0)"];
    let signals = bench.observe.signals();
    let told: Vec<_> = signals.iter().filter(|signal| signal.starts_with("Level")).collect();
    assert_eq!(told, levels);
    bench.balance.change(SetChange::Join { endpoint: Endpoint::new(key(9)), way: fail() });
    bench.failures(100).await;
    assert_eq!(bench.layer.ejected(), [second], "a stranger has no past, and there is no room");
}

#[tokio::test(start_paused = true)]
async fn what_becomes_of_calls_to_an_endpoint_that_has_left_is_held_against_nobody() {
    let world = TestWorld::new();
    let leaves: TestCall = call_fn(move |_: Context| async move {
        world.sleep(ms(10)).await;
        Err(Failure::Service("down"))
    });
    let endpoints: Vec<TestCall> = vec![leaves, Server::new(world, &[Step::Hang])];
    let bench = bench(endpoints, half(), BalanceKind::RoundRobin);
    let call = || {
        let layer = bench.layer.clone();
        tokio::spawn(async move { layer.call(Context::default()).await })
    };
    let calls: Vec<_> = (0..20).map(|_| call()).collect();
    tokio::task::yield_now().await;
    assert_eq!(bench.balance.outstanding(), [10, 10]);
    bench.balance.change(SetChange::Leave(key(0)));
    let way: TestCall = Server::new(world, &[Step::Ok]);
    bench.balance.change(SetChange::Join { endpoint: Endpoint::new(key(2)), way });
    world.sleep(ms(20)).await;
    assert_eq!(calls.iter().filter(|call| call.is_finished()).count(), 10);
    assert_eq!((bench.layer.ejected(), bench.balance.outstanding()), (vec![], vec![10, 0]));
    calls.iter().for_each(|call| call.abort());
}
