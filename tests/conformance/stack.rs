//! Policies around one another: retry(breaker(bulkhead(timeout(server)))).

use std::sync::Arc;

use cascadia_patterns::breaker::{BreakerConfig, BreakerLayer, HalfOpen, Jitter, OpenWait};
use cascadia_patterns::bulkhead::{BulkheadConfig, BulkheadLayer, PoolConfig};
use cascadia_patterns::call::{Context, Failure, Layer, Reason};
use cascadia_patterns::limit::{self, AimdConfig, LimitConfig, LimitLayer};
use cascadia_patterns::observe::BreakerState;
use cascadia_patterns::rate_limit::{Algorithm, Rate, RateLimitConfig, RateLimitLayer};
use cascadia_patterns::retry::{Backoff, RetryConfig, RetryLayer};
use cascadia_patterns::shed::{DisciplineConfig, Order, QueueConfig, QueueLayer};
use cascadia_patterns::timeout::{TimeoutConfig, TimeoutLayer};
use cascadia_runtime::Runtime;

use super::bench::{Answer, Bench, LONG, Recorder, Route, ms};
use super::server::{DOWN, OK, Server, Step, safe};

const PROBES: u32 = 2;

struct Rig<R: Runtime> {
    bench: Bench<R>,
    server: Arc<Server<R>>,
    bulkhead: Arc<BulkheadLayer<R, Context, u32, &'static str>>,
    breaker: Arc<BreakerLayer<R, Context, u32, &'static str>>,
    stack: Route,
}

impl<R: Runtime> Rig<R> {
    fn new(bench: Bench<R>, script: &[Step]) -> Self {
        let seen = Arc::<Recorder>::default();
        let server = Server::new(&bench, script);
        let timeout = TimeoutConfig { after: ms(4) };
        let timeout = TimeoutLayer::new(timeout, bench.env(&seen), server.clone());
        let bulkhead = BulkheadConfig { limit: 4, max_wait: ms(2), max_waiting: Some(4) };
        let bulkhead = BulkheadLayer::new(bulkhead, bench.env(&seen), timeout);
        let breaker = BreakerLayer::new(breaker(), bench.env(&seen), bulkhead.clone());
        let retry = RetryConfig {
            backoff: Backoff::Fixed { delay: ms(1) },
            max_retry_after: Some(ms(0)),
            ..RetryConfig::default()
        };
        let stack = RetryLayer::new(retry, bench.env(&seen), breaker.clone());
        Self { bench, server, bulkhead, breaker, stack }
    }

    async fn call(&self) -> Answer {
        Arc::clone(&self.stack).call(safe()).await
    }

    /// Nothing is held, and an open circuit has all its probes once its wait is over.
    async fn has_leaked_nothing(&self) {
        assert_eq!((self.bulkhead.in_flight(), self.bulkhead.waiting()), (0, 0));
        assert_eq!(self.server.in_flight(), 0);
        if self.breaker.snapshot().state == BreakerState::Closed {
            return;
        }
        self.bench.world.sleep(ms(20)).await;
        let probes: Vec<_> = (0..5).map(|_| self.bench.start(&self.stack, safe())).collect();
        self.bench.settle().await;
        assert!(self.bulkhead.in_flight() <= PROBES);
        probes.iter().for_each(|probe| probe.abort());
        self.bench.settle().await;
        assert_eq!((self.bulkhead.in_flight(), self.server.in_flight()), (0, 0));
    }
}

fn breaker() -> BreakerConfig {
    let open = ms(5);
    BreakerConfig {
        windows: Vec::new(),
        consecutive: Some(3),
        open: OpenWait { base: open, factor: 1.0, max: open, jitter: Jitter::None, min: None },
        half_open: HalfOpen { permits: PROBES, max_wait: Some(LONG), ..HalfOpen::default() },
        ..BreakerConfig::default()
    }
}

pub(crate) async fn it_works_over_a_server_that_works<R: Runtime>(bench: Bench<R>) {
    let rig = Rig::new(bench, &[Step::Ok]);
    for _ in 0..20 {
        assert_eq!(rig.call().await, OK);
    }
    assert_eq!(rig.server.seen().len(), 20);
    rig.has_leaked_nothing().await;
}

pub(crate) async fn it_recovers_with_its_server<R: Runtime>(bench: Bench<R>) {
    let rig = Rig::new(bench, &[Step::Fail, Step::Fail, Step::Fail, Step::Ok]);
    assert_eq!(rig.call().await, DOWN);
    assert_eq!(rig.breaker.snapshot().state, BreakerState::Open);
    rig.bench.world.sleep(ms(5)).await;
    for _ in 0..PROBES {
        assert_eq!(rig.call().await, OK);
    }
    assert_eq!(rig.breaker.snapshot().state, BreakerState::Closed);
    rig.has_leaked_nothing().await;
}

pub(crate) async fn it_gives_a_hanging_server_up<R: Runtime>(bench: Bench<R>) {
    let rig = Rig::new(bench, &[Step::Hang]);
    let began = rig.bench.world.now();
    assert_eq!(rig.call().await, Err(Failure::TimedOut(Layer::TIMEOUT)));
    rig.bench.took(began, ms(3 * 4 + 2));
    assert_eq!((rig.server.seen().len(), rig.server.in_flight()), (3, 0));
    if rig.bench.exact {
        let Err(Failure::Rejected(rejection)) = rig.call().await else { panic!("not refused") };
        assert_eq!((rejection.by, rejection.reason), (Layer::BREAKER, Reason::OPEN));
    }
    rig.has_leaked_nothing().await;
}

pub(crate) async fn it_leaks_nothing_when_callers_leave<R: Runtime>(bench: Bench<R>) {
    for leave in [0, 1, 2, 5] {
        let rig = Rig::new(bench.clone(), &[Step::OkAfter(ms(1)), Step::Hang, Step::Fail, Step::Hang]);
        let calls: Vec<_> = (0..12).map(|_| rig.bench.start(&rig.stack, safe())).collect();
        rig.bench.world.sleep(ms(leave)).await;
        assert!(rig.bulkhead.in_flight() <= 4);
        calls.iter().for_each(|call| call.abort());
        rig.bench.settle().await;
        rig.has_leaked_nothing().await;
    }
}

/// rate limit(limit(queue(pool(server)))), narrower with each layer but the last.
pub(crate) async fn limits_in_a_row_leak_nothing_when_callers_leave<R: Runtime>(bench: Bench<R>) {
    for leave in [0, 1, 2, 5] {
        let seen = Arc::<Recorder>::default();
        let server = Server::new(&bench, &[Step::OkAfter(ms(1)), Step::Hang, Step::Fail, Step::Hang]);
        let pool = PoolConfig { core: 1, max: 2, queue: 1, ..PoolConfig::default() };
        let pool = BulkheadLayer::pool(pool, bench.env(&seen), server.clone());
        let discipline = DisciplineConfig { order: Order::Lifo, codel: None };
        let queue = QueueConfig { limit: 3, max_waiting: Some(2), discipline };
        let queue = QueueLayer::new(queue, None, bench.env(&seen), pool.clone());
        let aimd = AimdConfig { initial: 6, min: 1, ..AimdConfig::default() };
        let limit = LimitConfig { algorithm: limit::Algorithm::Aimd(aimd), ..LimitConfig::default() };
        let limit = LimitLayer::new(limit, bench.env(&seen), queue.clone());
        let rate = Rate { permits: 1, per: ms(1) };
        let algorithm = Algorithm::TokenBucket { rate, burst: 8 };
        let rate = RateLimitConfig { algorithm, max_wait: ms(3) };
        let stack: Route = RateLimitLayer::new(rate, bench.env(&seen), limit.clone());
        let calls: Vec<_> = (0..12).map(|_| bench.start(&stack, safe())).collect();
        bench.world.sleep(ms(leave)).await;
        assert!(pool.in_flight() <= 2 && queue.in_flight() <= 3 && limit.in_flight() <= 8);
        calls.iter().for_each(|call| call.abort());
        bench.settle().await;
        assert_eq!((pool.in_flight(), pool.waiting(), limit.in_flight()), (0, 0, 0));
        assert_eq!((queue.in_flight(), queue.waiting(), server.in_flight()), (0, 0, 0));
    }
}
