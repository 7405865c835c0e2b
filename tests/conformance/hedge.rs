//! Hedging.

use std::sync::Arc;

use cascadia_patterns::balance::{BalanceConfig, BalanceLayer};
use cascadia_patterns::call::{Baggage, Context, call_fn};
use cascadia_patterns::hedge::{HedgeConfig, HedgeDelay, HedgeLayer};
use cascadia_runtime::Runtime;

use super::bench::{Answer, Bench, LONG, Log, OnDrop, Recorder, Route, ms};
use super::server::{DOWN, OK, Server, Step, safe};

/// A hedge around a server.
struct Rig<R: Runtime> {
    bench: Bench<R>,
    server: Arc<Server<R>>,
    hedge: Route,
}

/// Copies after 20 ms, and no budget.
fn config(max: u8) -> HedgeConfig {
    let delay = HedgeDelay::Fixed(ms(20));
    HedgeConfig { delay, max, budget: None, ..HedgeConfig::default() }
}

impl<R: Runtime> Rig<R> {
    fn new(bench: Bench<R>, script: &[Step], config: HedgeConfig) -> Self {
        let server = Server::new(&bench, script);
        let hedge = HedgeLayer::new(config, bench.env(&Arc::default()), server.clone());
        Self { bench, server, hedge }
    }

    async fn call(&self, request: Context) -> Answer {
        Arc::clone(&self.hedge).call(request).await
    }
}

pub(crate) async fn of_tied_copies_only_the_one_that_begins_goes_on<R: Runtime>(bench: Bench<R>) {
    let (log, world) = (Log::default(), bench.world.clone());
    let (notes, server) = (log.clone(), world.clone());
    let server = call_fn(move |request: Context| {
        let (log, world) = (notes.clone(), server.clone());
        async move {
            if request.attempt.copy == 0 {
                let _queued = OnDrop(log, 0);
                return std::future::pending().await;
            }
            request.attempt.tie.expect("it is tied").begins(request.attempt.copy);
            world.sleep(ms(30)).await;
            log.note(1);
            OK
        }
    });
    let config = HedgeConfig { tied: true, ..config(1) };
    let hedge: Route = HedgeLayer::new(config, bench.env(&Arc::default()), server);
    assert_eq!(hedge.call(safe()).await, OK);
    assert_eq!(log.notes(), [0, 1], "the other left when the work began, not when it was done");
}

pub(crate) async fn a_slow_call_is_sent_again<R: Runtime>(bench: Bench<R>) {
    let rig = Rig::new(bench, &[Step::Hang, Step::Ok], config(1));
    let began = rig.bench.world.now();
    assert_eq!(rig.call(safe()).await, OK);
    rig.bench.took(began, ms(20));
    let copies: Vec<_> = rig.server.seen().iter().map(|context| context.attempt.copy).collect();
    assert_eq!(copies, [0, 1]);
}

pub(crate) async fn a_quick_call_is_not<R: Runtime>(bench: Bench<R>) {
    let rig = Rig::new(bench, &[Step::Ok], config(4));
    assert_eq!(rig.call(safe()).await, OK);
    assert_eq!(rig.server.seen().len(), 1);
}

pub(crate) async fn a_failure_does_not_win<R: Runtime>(bench: Bench<R>) {
    let rig = Rig::new(bench, &[Step::OkAfter(ms(60)), Step::Fail], config(1));
    let began = rig.bench.world.now();
    assert_eq!(rig.call(safe()).await, OK);
    rig.bench.took(began, ms(60));
}

pub(crate) async fn a_failure_sends_the_next_at_once<R: Runtime>(bench: Bench<R>) {
    let rig = Rig::new(bench, &[Step::Fail], config(3));
    let began = rig.bench.world.now();
    assert_eq!(rig.call(safe()).await, DOWN);
    rig.bench.took(began, ms(0));
    assert_eq!(rig.server.seen().len(), 4);
}

pub(crate) async fn losers_are_dropped_at_the_win<R: Runtime>(bench: Bench<R>) {
    let rig = Rig::new(bench, &[Step::Hang, Step::Hang, Step::Ok], config(2));
    assert_eq!(rig.call(safe()).await, OK);
    assert_eq!((rig.server.seen().len(), rig.server.in_flight()), (3, 0));
}

pub(crate) async fn a_dropped_call_drops_its_copies<R: Runtime>(bench: Bench<R>) {
    let rig = Rig::new(bench, &[Step::Hang], config(2));
    let call = rig.bench.start(&rig.hedge, safe());
    rig.bench.world.sleep(ms(90)).await;
    assert_eq!(rig.server.in_flight(), 3);
    call.abort();
    rig.bench.settle().await;
    assert_eq!(rig.server.in_flight(), 0);
}

pub(crate) async fn what_is_not_safe_is_sent_once<R: Runtime>(bench: Bench<R>) {
    let rig = Rig::new(bench, &[Step::OkAfter(ms(50))], config(1));
    assert_eq!(rig.call(Context::default()).await, OK);
    assert_eq!(rig.server.seen().len(), 1);
}

pub(crate) async fn a_budget_bounds_the_copies_of_all_calls<R: Runtime>(bench: Bench<R>) {
    let config = HedgeConfig { budget: HedgeConfig::default().budget, ..config(1) };
    let config = HedgeConfig { delay: HedgeDelay::Fixed(ms(0)), ..config };
    let rig = Rig::new(bench, &[Step::OkAfter(ms(20))], config);
    for _ in 0..40 {
        assert_eq!(rig.call(safe()).await, OK);
    }
    assert_eq!(rig.server.seen().len(), 42);
}

pub(crate) async fn every_copy_goes_to_another_endpoint<R: Runtime>(bench: Bench<R>) {
    let seen = Arc::<Recorder>::default();
    let servers: Vec<_> = (0..3).map(|_| Server::new(&bench, &[Step::Hang])).collect();
    let routes = servers.iter().map(|server| Arc::clone(server) as Route).collect();
    let balance = BalanceLayer::new(BalanceConfig::default(), bench.env(&seen), routes);
    let hedge: Route = HedgeLayer::new(config(2), bench.env(&seen), balance);
    let call = bench.start(&hedge, Context::new(Baggage { deadline: Some(bench.world.now() + LONG), ..safe().baggage }));
    bench.world.sleep(ms(90)).await;
    let sent: Vec<_> = servers.iter().map(|server| server.seen().len()).collect();
    assert_eq!(sent, [1, 1, 1]);
    call.abort();
}
