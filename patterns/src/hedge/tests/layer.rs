use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::{Runtime, Stream};

use crate::balance::{BalanceConfig, BalanceKind, BalanceLayer};
use crate::call::{
    BoxFuture, Call, Class, Classify, Context, DefaultClassifier, Failure, Layer, Pushback, Reason,
    Rejection, call_fn,
};
use crate::endpoints::{Endpoint, SetChange};
use crate::env::Env;
use crate::hedge::{HedgeConfig, HedgeDelay, HedgeLayer};
use crate::retry::BudgetConfig;
use crate::testing::{
    Recorder, Server, Step, TestCall, TestOutcome, TestWorld, at, env, key, ms, safe,
};
use crate::timeout::{TimeoutConfig, TimeoutLayer};

const DOWN: TestOutcome = Err(Failure::Service("down"));
const WON: &str = "Count(hedge_won)";
const HEDGED: &str = "Count(hedged)";
const DENIED: &str = "Count(hedge_denied)";

struct Bench {
    world: TestWorld,
    server: Arc<Server>,
    observe: Arc<Recorder>,
    layer: Arc<HedgeLayer<TestWorld, Context, u32, &'static str>>,
}

/// A copy after 10 ms and no budget.
fn config() -> HedgeConfig {
    let delay = HedgeDelay::Fixed(ms(10));
    HedgeConfig { delay, budget: None, ..HedgeConfig::default() }
}

fn bench(script: &[Step], config: HedgeConfig) -> Bench {
    let (world, observe) = (TestWorld::new(), Arc::default());
    let server = Server::new(world, script);
    let layer = HedgeLayer::new(config, env(world, &observe), server.clone());
    Bench { world, server, observe, layer }
}

impl Bench {
    async fn call(&self, request: Context) -> TestOutcome {
        self.layer.clone().call(request).await
    }

    fn counted(&self, what: &str) -> usize {
        self.observe.signals().iter().filter(|signal| *signal == what).count()
    }

    fn copies(&self) -> Vec<u8> {
        self.server.seen().iter().map(|context| context.attempt.copy).collect()
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_in_time_is_sent_once() {
    let bench = bench(&[Step::OkAfter(ms(10))], config());
    assert_eq!(bench.call(safe()).await, Ok(7));
    assert_eq!((bench.world.now(), bench.copies()), (at(10), vec![0]));
    assert_eq!(bench.observe.signals(), [""; 0], "what comes exactly at the delay is in time");
}

#[tokio::test(start_paused = true)]
async fn a_slow_call_is_sent_again_and_the_copy_wins() {
    let bench = bench(&[Step::Hang, Step::OkAfter(ms(3))], config());
    assert_eq!(bench.call(safe()).await, Ok(7));
    assert_eq!((bench.world.now(), bench.copies()), (at(13), vec![0, 1]));
    assert_eq!(bench.observe.signals(), [HEDGED, WON]);
}

#[tokio::test(start_paused = true)]
async fn the_first_call_may_still_win() {
    let bench = bench(&[Step::OkAfter(ms(12)), Step::Hang], config());
    assert_eq!(bench.call(safe()).await, Ok(7));
    assert_eq!((bench.world.now(), bench.server.in_flight()), (at(12), 0));
    assert_eq!(bench.observe.signals(), [HEDGED]);
}

/// tower's hedge selects the first completion, so a broken server beats one that works.
#[tokio::test(start_paused = true)]
async fn a_failure_does_not_win() {
    let script = [Step::OkAfter(ms(30)), Step::Fail];
    let bench = bench(&script, config());
    assert_eq!(bench.call(safe()).await, Ok(7));
    assert_eq!(bench.world.now(), at(30));
    assert_eq!(bench.counted(WON), 0);
}

/// DesCartes' hedge forwards the first request and nothing else.
#[tokio::test(start_paused = true)]
async fn the_copy_is_a_request_of_its_own() {
    let bench = bench(&[Step::Hang, Step::Hang, Step::Ok], HedgeConfig { max: 2, ..config() });
    assert_eq!(bench.call(safe()).await, Ok(7));
    assert_eq!((bench.world.now(), bench.copies()), (at(20), vec![0, 1, 2]));
}

/// Polly awaits the cancelled losers when it disposes of them, so the winner is as slow as the
/// slowest that does not react. Here the loser would hang for ever.
#[tokio::test(start_paused = true)]
async fn losers_are_dropped_at_the_win_and_not_awaited() {
    let config = HedgeConfig { max: 3, ..config() };
    let bench = bench(&[Step::Hang, Step::Hang, Step::Hang, Step::OkAfter(ms(1))], config);
    let call = tokio::spawn(bench.layer.clone().call(safe()));
    bench.world.sleep(ms(30)).await;
    tokio::task::yield_now().await;
    assert_eq!(bench.server.in_flight(), 4);
    assert_eq!(call.await.unwrap(), Ok(7));
    assert_eq!((bench.world.now(), bench.server.in_flight()), (at(31), 0));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_drops_all_its_copies() {
    let bench = bench(&[Step::Hang], HedgeConfig { max: 4, ..config() });
    let call = tokio::spawn(bench.layer.clone().call(safe()));
    bench.world.sleep(ms(45)).await;
    assert_eq!(bench.server.in_flight(), 5);
    call.abort();
    tokio::task::yield_now().await;
    assert_eq!(bench.server.in_flight(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_failure_sends_the_next_copy_at_once() {
    let bench = bench(&[Step::Fail, Step::OkAfter(ms(2))], config());
    assert_eq!(bench.call(safe()).await, Ok(7));
    assert_eq!((bench.world.now(), bench.copies()), (at(2), vec![0, 1]));
}

#[tokio::test(start_paused = true)]
async fn when_all_copies_fail_the_call_does() {
    let bench = bench(&[Step::Fail], HedgeConfig { max: 2, ..config() });
    assert_eq!(bench.call(safe()).await, DOWN);
    assert_eq!((bench.world.now(), bench.copies().len()), (at(0), 3));
}

struct Fatal;

impl Classify<u32, &'static str> for Fatal {
    fn classify(&self, outcome: &TestOutcome) -> Class {
        match outcome {
            Ok(_) => Class::Success,
            Err(_) => Class::Failure { retryable: false, overload: false },
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_fatal_failure_cancels_all_copies() {
    let world = TestWorld::new();
    let server = Server::new(world, &[Step::Hang, Step::Fail]);
    let env = Env { classify: Arc::new(Fatal), ..env(world, &Arc::default()) };
    let layer = HedgeLayer::new(HedgeConfig { max: 3, ..config() }, env, server.clone());
    assert_eq!(layer.call(safe()).await, DOWN);
    assert_eq!((world.now(), server.in_flight(), server.seen().len()), (at(10), 0, 2));
}

/// Reads a pushback from the error itself, as from the trailers of gRPC.
struct Trailers(Pushback);

impl Classify<u32, &'static str> for Trailers {
    fn classify(&self, outcome: &TestOutcome) -> Class {
        DefaultClassifier.classify(outcome)
    }

    fn pushback(&self, outcome: &TestOutcome) -> Pushback {
        if outcome.is_err() { self.0 } else { Pushback::Silent }
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_classifier_says_of_another_try_moves_the_copies() {
    for (pushback, expected) in
        [(Pushback::Silent, Ok(7)), (Pushback::After(ms(30)), Ok(7)), (Pushback::Stop, DOWN)]
    {
        let world = TestWorld::new();
        let began = world.now();
        let server = Server::new(world, &[Step::Fail, Step::Ok]);
        let env = Env { classify: Arc::new(Trailers(pushback)), ..env(world, &Arc::default()) };
        let layer = HedgeLayer::new(config(), env, server);
        assert_eq!(layer.call(safe()).await, expected, "{pushback:?}");
        let waited = if pushback == Pushback::After(ms(30)) { 30 } else { 0 };
        assert_eq!(world.now().since(began), ms(waited));
    }
}

#[tokio::test(start_paused = true)]
async fn what_may_not_be_repeated_is_sent_once() {
    let once = bench(&[Step::OkAfter(ms(50))], config());
    assert_eq!(once.call(Context::default()).await, Ok(7));
    assert_eq!(once.copies(), [0]);
    let told = bench(&[Step::Hang, Step::Ok], HedgeConfig { hedge_unsafe: true, ..config() });
    assert_eq!(told.call(Context::default()).await, Ok(7));
    assert_eq!(told.copies(), [0, 1]);
}

#[tokio::test(start_paused = true)]
async fn the_budget_pays_for_a_share_of_the_calls_however_slow_they_are() {
    let default = HedgeConfig::default().budget;
    let bench = bench(&[Step::OkAfter(ms(100))], HedgeConfig { budget: default, ..config() });
    for _ in 0..400 {
        assert_eq!(bench.call(safe()).await, Ok(7));
    }
    // A call takes 100 ms, so the budget remembers the last hundred.
    let hedged = bench.counted(HEDGED);
    assert!((19..=20).contains(&hedged), "{hedged} copies of 400 calls");
    assert_eq!(bench.counted(DENIED), 400 - hedged);
}

#[tokio::test(start_paused = true)]
async fn a_copy_without_an_endpoint_of_its_own_is_refused_and_not_paid_for() {
    let (world, observe) = (TestWorld::new(), Arc::<Recorder>::default());
    let server = Server::new(world, &[Step::OkAfter(ms(30))]);
    let route: TestCall = server.clone();
    let balance = BalanceLayer::new(BalanceConfig::default(), env(world, &observe), vec![route]);
    let budget = BudgetConfig { ratio: 0.0, min_per_second: 0.1, ttl: Duration::from_secs(10) };
    let config = HedgeConfig { budget: Some(budget), ..config() };
    let layer = HedgeLayer::new(config, env(world, &observe), balance.clone());
    for _ in 0..3 {
        assert_eq!(layer.clone().call(safe()).await, Ok(7));
    }
    assert_eq!((world.now(), server.seen().len()), (at(90), 3));
    let counted = observe.signals().iter().filter(|signal| *signal == HEDGED).count();
    assert_eq!(counted, 3, "the one copy that the budget has comes back each time");
    assert_eq!(balance.outstanding(), [0]);
}

#[tokio::test(start_paused = true)]
async fn every_copy_goes_to_another_endpoint() {
    let kinds = [
        BalanceKind::RoundRobin,
        BalanceKind::Random,
        BalanceKind::LeastConnections,
        BalanceKind::P2c,
    ];
    for kind in kinds {
        let (world, observe) = (TestWorld::new(), Arc::<Recorder>::default());
        let servers: Vec<_> = (0..5).map(|_| Server::new(world, &[Step::Hang])).collect();
        let routes = servers.iter().map(|server| Arc::clone(server) as TestCall).collect();
        let config = HedgeConfig { max: 4, ..config() };
        let balance = BalanceLayer::new(BalanceConfig { kind }, env(world, &observe), routes);
        let layer = HedgeLayer::new(config, env(world, &observe), balance);
        let call = tokio::spawn(layer.call(safe()));
        world.sleep(ms(45)).await;
        let seen: Vec<_> = servers.iter().map(|server| server.seen().len()).collect();
        assert_eq!(seen, [1; 5], "{kind:?}");
        assert!(servers.iter().all(|server| server.seen()[0].attempt.apart.is_none()), "{kind:?}");
        call.abort();
    }
}

/// A copy to an endpoint whose circuit is open would be refused there: it goes elsewhere.
#[tokio::test(start_paused = true)]
async fn no_copy_goes_to_an_endpoint_whose_breaker_is_open() {
    let world = TestWorld::new();
    let refusal = Rejection::new(Layer::BREAKER, Reason::OPEN).until(Some(ms(60_000)));
    let open: TestCall = call_fn(move |_: Context| {
        let refusal = Failure::Rejected(refusal.clone());
        async move { Err(refusal) }
    });
    let hangs = Server::new(world, &[Step::Hang]);
    let works = Server::new(world, &[Step::Ok, Step::Hang]);
    let routes: Vec<TestCall> = vec![open, hangs.clone(), works.clone()];
    let kind = BalanceConfig { kind: BalanceKind::RoundRobin };
    let env = || Env::new(world, Stream::from_seed(4));
    let balance = BalanceLayer::new(kind, env(), routes);
    let layer = HedgeLayer::new(HedgeConfig { max: 4, ..config() }, env(), balance);
    let mut calls: Vec<BoxFuture<TestOutcome>> = Vec::new();
    for _ in 0..3 {
        calls.push(layer.clone().call(safe()));
    }
    let calls: Vec<_> = calls.into_iter().map(tokio::spawn).collect();
    world.sleep(ms(200)).await;
    let sent = hangs.seen().len() + works.seen().len();
    assert!((4..=6).contains(&sent), "{sent} at the two that are not open");
    calls.iter().for_each(|call| call.abort());
}

/// Over HTTP and gRPC it is the classifier that knows how long a server wants to be left alone.
#[tokio::test(start_paused = true)]
async fn a_copy_waits_as_long_as_the_server_asks() {
    struct Asks(Pushback);
    impl Classify<u32, &'static str> for Asks {
        fn classify(&self, outcome: &TestOutcome) -> Class {
            DefaultClassifier.classify(outcome)
        }
        fn pushback(&self, _: &TestOutcome) -> Pushback {
            self.0
        }
    }
    for (pushback, ended, expected) in
        [(Pushback::After(ms(40)), at(40), Ok(7)), (Pushback::Stop, at(0), DOWN)]
    {
        let world = TestWorld::new();
        let server = Server::new(world, &[Step::Fail, Step::Ok]);
        let env = Env { classify: Arc::new(Asks(pushback)), ..env(world, &Arc::default()) };
        let layer = HedgeLayer::new(config(), env, server);
        assert_eq!((layer.call(safe()).await, world.now()), (expected, ended));
    }
}

/// X8: a service that fails in no time has not become fast.
#[tokio::test(start_paused = true)]
async fn fast_failures_do_not_look_like_low_latency() {
    let delay = HedgeDelay::quantile(0.5);
    let config = HedgeConfig { delay, budget: None, ..HedgeConfig::default() };
    let mut script = vec![Step::OkAfter(ms(100)); 40];
    script.extend([Step::Fail; 200]);
    script.push(Step::Hang);
    let bench = bench(&script, config);
    for _ in 0..40 {
        assert_eq!(bench.call(safe()).await, Ok(7));
    }
    while bench.server.seen().len() < 240 {
        assert_eq!(bench.call(safe()).await, DOWN);
        bench.world.sleep(ms(50)).await;
    }
    let began = bench.world.now();
    drop(tokio::spawn(bench.layer.clone().call(safe())));
    bench.world.sleep(ms(99)).await;
    assert_eq!(bench.server.seen().len(), 241, "no copy within 99 ms of {began:?}");
    bench.world.sleep(ms(6)).await;
    assert_eq!(bench.server.seen().len(), 242);
}

/// Timeouts are latency: a percentile that forgets them would shrink while everything is slow.
#[tokio::test(start_paused = true)]
async fn timeouts_count_as_latency() {
    let (world, observe) = (TestWorld::new(), Arc::<Recorder>::default());
    let server = Server::new(world, &[Step::Hang]);
    let timeout =
        TimeoutLayer::new(TimeoutConfig { after: ms(80) }, env(world, &observe), server.clone());
    let delay = HedgeDelay::quantile(0.5);
    let config = HedgeConfig { delay, budget: None, ..HedgeConfig::default() };
    let layer = HedgeLayer::new(config, env(world, &observe), timeout);
    for _ in 0..40 {
        assert_eq!(layer.clone().call(safe()).await, Err(Failure::TimedOut(Layer::TIMEOUT)));
    }
    let levels = observe.signals();
    let level = levels.iter().find(|signal| signal.starts_with("Level(hedge_delay, 0.08"));
    assert!(level.is_some(), "{levels:?}");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_a_copy_does_not_hide_what_the_server_said() {
    let world = TestWorld::new();
    let server = Server::new(world, &[Step::Fail]);
    let route: TestCall = server;
    let env = || Env::new(world, Stream::from_seed(1));
    let balance = BalanceLayer::new(BalanceConfig::default(), env(), vec![route]);
    let layer = HedgeLayer::new(config(), env(), balance);
    assert_eq!(layer.call(safe()).await, DOWN);
}

/// The endpoint that holds the first copy leaves, and another moves into its position: a copy may go
/// there, and to nobody who has one.
#[tokio::test(start_paused = true)]
async fn a_copy_is_kept_from_the_endpoint_of_another_by_name_though_endpoints_leave_and_join() {
    let world = TestWorld::new();
    let servers = [(); 3].map(|()| Server::new(world, &[Step::Hang]));
    let [first, second, late] = servers.each_ref().map(|server| Arc::clone(server) as TestCall);
    let balance =
        BalanceLayer::new(BalanceConfig::default(), env(world, &Arc::default()), vec![first]);
    let config = HedgeConfig { max: 4, ..config() };
    let layer = HedgeLayer::new(config, env(world, &Arc::default()), balance.clone());
    let call = tokio::spawn(layer.call(safe()));
    world.sleep(ms(5)).await;
    assert_eq!((servers[0].seen().len(), balance.outstanding()), (1, vec![1]));
    balance.change(SetChange::Join { endpoint: Endpoint::new(key(1)), way: second });
    balance.change(SetChange::Leave(key(0)));
    world.sleep(ms(10)).await;
    assert_eq!(servers[1].in_flight(), 1, "it moved into the position of the first");
    balance.change(SetChange::Join { endpoint: Endpoint::new(key(2)), way: late });
    world.sleep(ms(30)).await;
    assert_eq!(servers.each_ref().map(|server| server.seen().len()), [1, 1, 1]);
    assert_eq!(servers.each_ref().map(|server| server.in_flight()), [1, 1, 1], "all go on");
    assert_eq!(balance.outstanding(), [1, 1, 1]);
    call.abort();
    assert!(call.await.is_err());
    assert_eq!(balance.outstanding(), [0, 0], "who has left is forgotten");
}
