//! retry(breaker(bulkhead(timeout(server)))) over servers of every kind: the policies compose, and
//! nothing leaks, however calls end.

use std::sync::Arc;

use cascadia_runtime::Runtime;

use crate::breaker::{BreakerConfig, BreakerLayer, HalfOpen, OpenWait};
use crate::bulkhead::{BulkheadConfig, BulkheadLayer};
use crate::call::{Context, Failure, Layer, Reason};
use crate::observe::BreakerState;
use crate::retry::{Backoff, RetryConfig, RetryLayer};
use crate::testing::{Recorder, Server, Step, TestCall, TestOutcome, TestWorld, env, ms, safe};
use crate::timeout::{TimeoutConfig, TimeoutLayer};

const PROBES: u32 = 2;

struct Rig {
    world: TestWorld,
    server: Arc<Server>,
    bulkhead: Arc<BulkheadLayer<TestWorld, Context, u32, &'static str>>,
    breaker: Arc<BreakerLayer<TestWorld, Context, u32, &'static str>>,
    stack: TestCall,
}

fn rig(script: &[Step]) -> Rig {
    let (world, observe) = (TestWorld::new(), Arc::<Recorder>::default());
    let server = Server::new(world, script);
    let timeout = TimeoutConfig { after: ms(50) };
    let timeout = TimeoutLayer::new(timeout, env(world, &observe), server.clone());
    let bulkhead = BulkheadConfig { limit: 4, max_wait: ms(20), max_waiting: Some(4) };
    let bulkhead = BulkheadLayer::new(bulkhead, env(world, &observe), timeout);
    let breaker = BreakerConfig {
        windows: Vec::new(),
        consecutive: Some(3),
        open: OpenWait::fixed(ms(200)),
        half_open: HalfOpen { permits: PROBES, ..HalfOpen::default() },
        ..BreakerConfig::default()
    };
    let breaker = BreakerLayer::new(breaker, env(world, &observe), bulkhead.clone());
    let retry = RetryConfig {
        backoff: Backoff::Fixed { delay: ms(10) },
        max_retry_after: Some(ms(0)),
        ..RetryConfig::default()
    };
    let stack = RetryLayer::new(retry, env(world, &observe), breaker.clone());
    Rig { world, server, bulkhead, breaker, stack }
}

impl Rig {
    async fn call(&self) -> TestOutcome {
        Arc::clone(&self.stack).call(safe()).await
    }

    /// Once the circuit has had its wait, exactly so many probes are to be had as configured.
    async fn assert_nothing_leaked(&self) {
        assert_eq!((self.bulkhead.in_flight(), self.bulkhead.waiting()), (0, 0));
        assert_eq!(self.server.in_flight(), 0);
        if self.breaker.snapshot().state == BreakerState::Closed {
            return;
        }
        self.world.sleep(ms(1_000)).await;
        let probes: Vec<_> =
            (0..9).map(|_| tokio::spawn(Arc::clone(&self.stack).call(safe()))).collect();
        tokio::task::yield_now().await;
        assert_eq!(self.bulkhead.in_flight(), PROBES);
        probes.iter().for_each(|probe| probe.abort());
        tokio::task::yield_now().await;
        assert_eq!(self.bulkhead.in_flight(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn over_a_server_that_works() {
    let rig = rig(&[Step::OkAfter(ms(5))]);
    for _ in 0..20 {
        assert_eq!(rig.call().await, Ok(7));
    }
    assert_eq!(rig.server.seen().len(), 20);
    rig.assert_nothing_leaked().await;
}

#[tokio::test(start_paused = true)]
async fn over_a_server_that_fails_and_recovers() {
    let rig = rig(&[Step::Fail, Step::Fail, Step::Fail, Step::OkAfter(ms(1))]);
    assert_eq!(rig.call().await, Err(Failure::Service("down")));
    let Err(Failure::Rejected(rejection)) = rig.call().await else { panic!("not refused") };
    assert_eq!((rejection.by, rejection.reason), (Layer::BREAKER, Reason::OPEN));
    rig.world.sleep(ms(200)).await;
    for _ in 0..PROBES {
        assert_eq!(rig.call().await, Ok(7));
    }
    assert_eq!(rig.breaker.snapshot().state, BreakerState::Closed);
    rig.assert_nothing_leaked().await;
}

#[tokio::test(start_paused = true)]
async fn over_a_server_that_hangs() {
    let rig = rig(&[Step::Hang]);
    let began = rig.world.now();
    assert_eq!(rig.call().await, Err(Failure::TimedOut(Layer::TIMEOUT)));
    assert_eq!(rig.world.now().since(began), ms(3 * 50 + 2 * 10));
    assert_eq!(rig.breaker.snapshot().state, BreakerState::Open);
    rig.assert_nothing_leaked().await;
}

#[tokio::test(start_paused = true)]
async fn over_callers_that_leave_at_any_moment() {
    for leave in 0..120 {
        let rig = rig(&[Step::OkAfter(ms(3)), Step::Hang, Step::Fail, Step::Hang]);
        let calls: Vec<_> =
            (0..12).map(|_| tokio::spawn(Arc::clone(&rig.stack).call(safe()))).collect();
        rig.world.sleep(ms(leave)).await;
        assert!(rig.bulkhead.in_flight() <= 4);
        calls.iter().for_each(|call| call.abort());
        tokio::task::yield_now().await;
        rig.assert_nothing_leaked().await;
    }
}

#[tokio::test(start_paused = true)]
async fn over_a_server_that_panics() {
    let rig = rig(&[Step::Panic]);
    for _ in 0..6 {
        let call = tokio::spawn(Arc::clone(&rig.stack).call(safe())).await;
        let is_open = rig.breaker.snapshot().state == BreakerState::Open;
        assert!(call.is_err_and(|ended| ended.is_panic()) || is_open);
    }
    assert_eq!(rig.breaker.snapshot().state, BreakerState::Open, "what panics has failed");
    rig.server.becomes(Step::Hang);
    rig.assert_nothing_leaked().await;
}
