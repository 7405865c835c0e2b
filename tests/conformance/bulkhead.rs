//! The bulkhead and the queue for its permits.

use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::bulkhead::{
    BulkheadConfig, BulkheadLayer, KeyedBulkheadConfig, PoolConfig,
};
use cascadia_patterns::call::{Baggage, Call, Context, Failure, Reason};
use cascadia_runtime::Runtime;

use super::bench::{Answer, Bench, LONG, Log, Route, Started, ms};
use super::server::{OK, Server, Step};

/// A bulkhead with one permit before a server.
struct Rig<R: Runtime> {
    bench: Bench<R>,
    server: Arc<Server<R>>,
    bulkhead: Arc<BulkheadLayer<R, Context, u32, &'static str>>,
}

impl<R: Runtime> Rig<R> {
    fn new(bench: Bench<R>, script: &[Step], max_wait: Duration) -> Self {
        let (server, seen) = (Server::new(&bench, script), Arc::default());
        let config = BulkheadConfig { limit: 1, max_wait, max_waiting: None };
        let bulkhead = BulkheadLayer::new(config, bench.env(&seen), server.clone());
        Self { bench, server, bulkhead }
    }

    /// Begins a call and lets it go as far as it can.
    async fn start(&self) -> Started<R> {
        let route: Route = self.bulkhead.clone();
        let started = self.bench.start(&route, Context::default());
        self.bench.settle().await;
        started
    }

    async fn call(&self) -> Answer {
        Arc::clone(&self.bulkhead).call(Context::default()).await
    }

    #[track_caller]
    fn holds(&self, in_flight: u32, waiting: u32) {
        assert_eq!((self.bulkhead.in_flight(), self.bulkhead.waiting()), (in_flight, waiting));
        assert_eq!(self.server.in_flight(), in_flight);
    }
}

fn reason(answer: Answer) -> Reason {
    match answer {
        Err(Failure::Rejected(rejection)) => rejection.reason,
        other => panic!("{other:?}"),
    }
}

pub(crate) async fn it_refuses_when_it_is_full<R: Runtime>(bench: Bench<R>) {
    let rig = Rig::new(bench, &[Step::Hang, Step::Ok], Duration::ZERO);
    let hung = rig.start().await;
    assert_eq!(reason(rig.call().await), Reason::FULL);
    rig.holds(1, 0);
    hung.abort();
    rig.bench.settle().await;
    assert_eq!(rig.call().await, OK);
    rig.holds(0, 0);
}

pub(crate) async fn a_waiter_gets_the_permit_that_comes_back<R: Runtime>(bench: Bench<R>) {
    let began = bench.world.now();
    let rig = Rig::new(bench, &[Step::OkAfter(ms(6)), Step::OkAfter(ms(2))], LONG);
    let first = rig.start().await;
    let second = rig.start().await;
    if rig.bench.exact {
        rig.holds(1, 1);
    }
    assert_eq!((first.answer().await, second.answer().await), (OK, OK));
    rig.bench.took(began, ms(8));
    rig.holds(0, 0);
}

pub(crate) async fn a_waiter_gives_up_in_time<R: Runtime>(bench: Bench<R>) {
    let rig = Rig::new(bench, &[Step::Hang], ms(4));
    let _hung = rig.start().await;
    let began = rig.bench.world.now();
    assert_eq!(reason(rig.call().await), Reason::WAITED_TOO_LONG);
    rig.bench.took(began, ms(4));
    rig.holds(1, 0);
}

pub(crate) async fn waiters_are_served_in_the_order_they_came<R: Runtime>(bench: Bench<R>) {
    let rig = Rig::new(bench, &[Step::OkAfter(ms(6)), Step::OkAfter(ms(1))], LONG);
    let log = Log::default();
    let first = rig.start().await;
    let mut waiters = Vec::new();
    for number in 0..4 {
        let (call, log) = (Arc::clone(&rig.bulkhead).call(Context::default()), log.clone());
        waiters.push(rig.bench.world.spawn(async move {
            assert_eq!(call.await, OK);
            log.note(number);
        }));
        rig.bench.settle().await;
    }
    assert_eq!(first.answer().await, OK);
    for waiter in waiters {
        assert_eq!(waiter.await, Ok(()));
    }
    assert_eq!(log.notes(), [0, 1, 2, 3]);
    rig.holds(0, 0);
}

pub(crate) async fn a_cancelled_waiter_leaves_the_queue<R: Runtime>(bench: Bench<R>) {
    let rig = Rig::new(bench, &[Step::Hang, Step::Ok], LONG);
    let hung = rig.start().await;
    let cancelled = rig.start().await;
    let last = rig.start().await;
    rig.holds(1, 2);
    cancelled.abort();
    rig.bench.settle().await;
    rig.holds(1, 1);
    hung.abort();
    assert_eq!(last.answer().await, OK);
    rig.holds(0, 0);
}

pub(crate) async fn a_cancelled_call_gives_its_permit_back<R: Runtime>(bench: Bench<R>) {
    let rig = Rig::new(bench, &[Step::Hang], Duration::ZERO);
    for _ in 0..3 {
        let hung = rig.start().await;
        rig.holds(1, 0);
        hung.abort();
        rig.bench.settle().await;
        rig.holds(0, 0);
    }
}

pub(crate) async fn a_pool_queues_before_it_grows<R: Runtime>(bench: Bench<R>) {
    let server = Server::new(&bench, &[Step::Hang]);
    let config = PoolConfig { core: 1, max: 2, queue: 1, ..PoolConfig::default() };
    let pool = BulkheadLayer::pool(config, bench.env(&Arc::default()), server);
    let route: Route = pool.clone();
    let mut calls = Vec::new();
    for held in [(1, 0), (1, 1), (2, 1)] {
        calls.push(bench.start(&route, Context::default()));
        bench.settle().await;
        assert_eq!((pool.in_flight(), pool.waiting()), held);
    }
    assert_eq!(reason(Arc::clone(&route).call(Context::default()).await), Reason::FULL);
    for held in [(2, 0), (1, 0), (0, 0)] {
        calls.remove(0).abort();
        bench.settle().await;
        assert_eq!((pool.in_flight(), pool.waiting()), held);
    }
}

pub(crate) async fn each_key_has_permits_of_its_own<R: Runtime>(bench: Bench<R>) {
    let server = Server::new(&bench, &[Step::Hang]);
    let each = BulkheadConfig { limit: 1, ..BulkheadConfig::default() };
    let config = KeyedBulkheadConfig { each, max_keys: 2 };
    let key = Box::new(|request: &Context| u64::from(request.baggage.priority));
    let keyed = BulkheadLayer::keyed(config, key, bench.env(&Arc::default()), server);
    let route: Route = keyed.clone();
    let request = |priority| Context::new(Baggage { priority, ..Baggage::default() });
    let calls = [1, 2].map(|priority| bench.start(&route, request(priority)));
    bench.settle().await;
    assert_eq!(keyed.in_flight(), 2);
    for priority in [1, 2, 3] {
        assert_eq!(reason(Arc::clone(&route).call(request(priority)).await), Reason::FULL);
    }
    calls[0].abort();
    bench.settle().await;
    let third = bench.start(&route, request(3));
    bench.settle().await;
    assert_eq!(keyed.in_flight(), 2, "the place of an idle key is taken");
    calls[1].abort();
    third.abort();
    bench.settle().await;
    assert_eq!(keyed.in_flight(), 0);
}
