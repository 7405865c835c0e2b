//! The circuit breaker.

use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::breaker::document::{DocumentConfig, DocumentLayer};
use cascadia_patterns::breaker::{BreakerConfig, BreakerLayer, Jitter, OpenWait, Window};
use cascadia_patterns::call::{Call, Context, Failure, Reason};
use cascadia_patterns::observe::BreakerState;
use cascadia_runtime::Runtime;

use super::bench::{Answer, Bench, LONG, Recorder, Route, Started, ms};
use super::server::{DOWN, OK, Server, Step};

/// A breaker before a server, that opens after two failures.
struct Rig<R: Runtime> {
    bench: Bench<R>,
    server: Arc<Server<R>>,
    seen: Arc<Recorder>,
    breaker: Arc<BreakerLayer<R, Context, u32, &'static str>>,
}

fn consecutive(open: Duration) -> BreakerConfig {
    BreakerConfig { windows: Vec::new(), consecutive: Some(2), open: fixed(open), ..Default::default() }
}

fn fixed(base: Duration) -> OpenWait {
    OpenWait { base, factor: 1.0, max: base, jitter: Jitter::None, min: None }
}

impl<R: Runtime> Rig<R> {
    fn new(bench: Bench<R>, script: &[Step], config: BreakerConfig) -> Self {
        let (server, seen) = (Server::new(&bench, script), Arc::default());
        let breaker = BreakerLayer::new(config, bench.env(&seen), server.clone());
        Self { bench, server, seen, breaker }
    }

    async fn call(&self) -> Answer {
        Arc::clone(&self.breaker).call(Context::default()).await
    }

    /// The reason of a refusal, and how long it asks to wait.
    async fn refusal(&self) -> (Reason, Option<Duration>) {
        match self.call().await {
            Err(Failure::Rejected(rejection)) => (rejection.reason, rejection.retry_after),
            other => panic!("{other:?}"),
        }
    }

    #[track_caller]
    fn is(&self, state: BreakerState) {
        assert_eq!(self.breaker.snapshot().state, state);
    }
}

fn moved(from: &str, to: &str) -> String {
    format!("Breaker {{ from: {from}, to: {to} }}")
}

pub(crate) async fn it_opens_and_half_opens_and_closes<R: Runtime>(bench: Bench<R>) {
    let steps = [Step::Ok, Step::Fail, Step::Fail, Step::Ok];
    let rig = Rig::new(bench, &steps, consecutive(ms(5)));
    assert_eq!(rig.call().await, OK);
    assert_eq!(rig.call().await, DOWN);
    rig.is(BreakerState::Closed);
    assert_eq!(rig.call().await, DOWN);
    rig.is(BreakerState::Open);
    rig.bench.world.sleep(ms(5)).await;
    assert_eq!(rig.call().await, OK);
    rig.is(BreakerState::Closed);
    let probe = "Count(probe)".to_owned();
    let (opened, probed) = (moved("Closed", "Open"), moved("Open", "HalfOpen"));
    let path = [opened, probed, probe, moved("HalfOpen", "Closed")];
    assert_eq!(rig.seen.signals(), path);
}

pub(crate) async fn a_probe_that_fails_opens_it_again<R: Runtime>(bench: Bench<R>) {
    let rig = Rig::new(bench, &[Step::Fail], consecutive(ms(2)));
    for _ in 0..2 {
        assert_eq!(rig.call().await, DOWN);
    }
    for _ in 0..3 {
        rig.bench.world.sleep(ms(2)).await;
        assert_eq!(rig.call().await, DOWN);
        rig.is(BreakerState::Open);
    }
    assert_eq!(rig.breaker.snapshot().openings, 4);
}

pub(crate) async fn it_refuses_while_it_is_open<R: Runtime>(bench: Bench<R>) {
    let rig = Rig::new(bench, &[Step::Fail], consecutive(LONG));
    for _ in 0..2 {
        assert_eq!(rig.call().await, DOWN);
    }
    let (reason, wait) = rig.refusal().await;
    assert_eq!((reason, rig.server.seen().len()), (Reason::OPEN, 2));
    assert!(wait == Some(LONG) || wait < Some(LONG) && !rig.bench.exact);
    rig.bench.settle().await;
    assert!(rig.refusal().await.1 < wait, "the wait has become shorter");
}

pub(crate) async fn a_dropped_probe_gives_its_permit_back<R: Runtime>(bench: Bench<R>) {
    let steps = [Step::Fail, Step::Fail, Step::Hang, Step::Ok];
    let config = consecutive(ms(2));
    let half_open = cascadia_patterns::breaker::HalfOpen {
        max_wait: Some(LONG),
        ..config.half_open
    };
    let rig = Rig::new(bench, &steps, BreakerConfig { half_open, ..config });
    for _ in 0..2 {
        assert_eq!(rig.call().await, DOWN);
    }
    rig.bench.world.sleep(ms(2)).await;
    let route: Route = rig.breaker.clone();
    let probe = rig.bench.start(&route, Context::default());
    rig.bench.settle().await;
    rig.is(BreakerState::HalfOpen);
    assert_eq!(rig.refusal().await.0, Reason::PROBES_TAKEN);
    probe.abort();
    rig.bench.settle().await;
    assert_eq!((rig.call().await, rig.server.in_flight()), (OK, 0));
    rig.is(BreakerState::Closed);
}

pub(crate) async fn a_rate_of_failures_opens_it<R: Runtime>(bench: Bench<R>) {
    let windows = vec![Window::Time { span: LONG, buckets: 10 }];
    let config = BreakerConfig { windows, min_calls: 4, ..BreakerConfig::default() };
    let rig = Rig::new(bench, &[Step::Ok, Step::Fail, Step::Ok, Step::Fail], config);
    for expected in [OK, DOWN, OK] {
        assert_eq!(rig.call().await, expected);
        rig.is(BreakerState::Closed);
    }
    assert_eq!(rig.call().await, DOWN);
    rig.is(BreakerState::Open);
}

pub(crate) async fn a_probe_that_hangs_does_not_hold_it_half_open<R: Runtime>(bench: Bench<R>) {
    let steps = [Step::Fail, Step::Fail, Step::Hang, Step::Ok];
    let rig = Rig::new(bench, &steps, consecutive(ms(2)));
    for _ in 0..2 {
        assert_eq!(rig.call().await, DOWN);
    }
    rig.bench.world.sleep(ms(2)).await;
    let route: Route = rig.breaker.clone();
    let _hung = rig.bench.start(&route, Context::default());
    rig.bench.world.sleep(ms(3)).await;
    assert_eq!(rig.refusal().await.0, Reason::OPEN);
    rig.bench.world.sleep(ms(2)).await;
    assert_eq!(rig.call().await, OK);
    rig.is(BreakerState::Closed);
}

/// A call that ends after 5 ms, and two failures meanwhile.
const LATE: [Step; 4] = [Step::OkAfter(Duration::from_millis(5)), Step::Fail, Step::Fail, Step::Hang];

pub(crate) async fn a_late_outcome_moves_nothing<R: Runtime>(bench: Bench<R>) {
    let rig = Rig::new(bench, &LATE, consecutive(ms(1)));
    let route: Route = rig.breaker.clone();
    let late = rig.bench.start(&route, Context::default());
    rig.bench.settle().await;
    for _ in 0..2 {
        assert_eq!(rig.call().await, DOWN);
    }
    rig.bench.world.sleep(ms(1)).await;
    let _probe = rig.bench.start(&route, Context::default());
    assert_eq!(late.answer().await, OK);
    if rig.bench.exact {
        assert_ne!(rig.breaker.snapshot().state, BreakerState::Closed);
        assert_eq!(rig.breaker.snapshot().late_outcomes, 1);
    }
}

pub(crate) async fn the_one_of_introductions_is_moved_by_a_late_outcome<R: Runtime>(
    bench: Bench<R>,
) {
    let server = Server::new(&bench, &LATE);
    let config = DocumentConfig { failures: 2, recovery: ms(1), successes: 1 };
    let breaker = DocumentLayer::new(config, bench.env(&Arc::default()), server.clone());
    let route: Route = breaker.clone();
    let late = bench.start(&route, Context::default());
    bench.settle().await;
    for _ in 0..2 {
        assert_eq!(Arc::clone(&breaker).call(Context::default()).await, DOWN);
    }
    bench.world.sleep(ms(2)).await;
    let probes = [(); 3].map(|()| bench.start(&route, Context::default()));
    assert_eq!(late.answer().await, OK);
    if bench.exact {
        assert_eq!(breaker.state(), BreakerState::Closed, "though no probe has answered");
        assert_eq!(server.in_flight(), 3);
    }
    probes.iter().for_each(Started::abort);
}
