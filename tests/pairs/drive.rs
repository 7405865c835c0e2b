//! Drives a pair through what a server may do, and looks for what it left behind.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use cascadia_patterns::call::{Baggage, Context, TraceId};
use cascadia_runtime::{Runtime, Task};
use cascadia_sim_core::Sim;

use super::layers::Entry;
use super::rig::Rig;
use crate::conformance::bench::{Bench, Log, OnDrop, Route, ms};
use crate::conformance::server::{OK, Step, safe};

/// What the server, or the caller, does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Ok,
    Slow,
    Failing,
    Hanging,
    /// Fails at first and is slow from then on, so that probes are under way when others come.
    Recovering,
    /// Fails, works and hangs by turns, and the callers leave.
    Cancelled,
    /// The node of the callers goes down in the middle.
    Crashed,
}

impl Kind {
    pub(super) const ALL: [Self; 7] = [
        Self::Ok,
        Self::Slow,
        Self::Failing,
        Self::Hanging,
        Self::Recovering,
        Self::Cancelled,
        Self::Crashed,
    ];

    fn script(self) -> Vec<Step> {
        match self {
            Self::Ok => vec![Step::OkAfter(ms(1))],
            Self::Slow => vec![Step::OkAfter(ms(15))],
            Self::Failing => vec![Step::Fail],
            Self::Hanging => vec![Step::Hang],
            Self::Recovering => vec![Step::Fail, Step::Fail, Step::Fail, Step::OkAfter(ms(8))],
            Self::Cancelled | Self::Crashed => {
                let (quick, slow) = (Step::OkAfter(ms(2)), Step::OkAfter(ms(15)));
                [Step::Fail, Step::Fail, Step::Fail, slow, Step::Hang, quick].repeat(9)
            }
        }
    }
}

/// Calls, one a millisecond.
const CALLS: u32 = 24;

/// What the calls have come to.
#[derive(Clone, Default)]
struct Ends {
    answers: Arc<AtomicU32>,
    dropped: Log,
}

pub(super) async fn drive(
    bench: Bench<Sim>,
    outer: &'static Entry,
    inner: &'static Entry,
    kind: Kind,
) {
    let what = format!("{}({}) {kind:?}", outer.name, inner.name);
    let (rig, route) = Rig::new(bench.clone(), &kind.script(), outer, inner);
    let node = bench.world.node("callers");
    let ends = Ends::default();
    let mut calls = Vec::new();
    for number in 0..CALLS {
        let call = call(&route, number, &ends);
        calls.push(bench.world.spawn_on(node, call));
        if kind == Kind::Cancelled && number % 3 == 0 {
            calls[number as usize / 2].abort();
        }
        bench.world.sleep(ms(1)).await;
    }
    bench.world.sleep(ms(3)).await;
    if kind == Kind::Crashed {
        bench.world.kill(node);
    }
    bench.world.sleep(ms(200)).await;
    calls.iter().for_each(Task::abort);
    bench.settle().await;

    let answers = ends.answers.load(Ordering::Relaxed);
    let dropped = ends.dropped.notes().len() as u32;
    assert_eq!(answers + dropped, CALLS, "{what}: every call ends once");
    assert_eq!(rig.held(), 0, "{what}: nothing is held");
    let sent = rig.server.seen().len() as u32;
    let most = CALLS * outer.of_two * inner.of_two / 4;
    assert!(sent <= most, "{what}: {sent} of {CALLS} calls");
    it_works_again(&rig, &route, &what).await;
}

/// Each call has a user of its own and one of three priorities.
fn request(number: u32) -> Context {
    Context::new(Baggage {
        trace: TraceId(u128::from(number)),
        priority: number as u8 % 3,
        ..safe().baggage
    })
}

/// Makes a call and notes how it ends.
fn call(route: &Route, number: u32, ends: &Ends) -> impl Future<Output = ()> + Send + 'static {
    let (route, ends) = (Arc::clone(route), ends.clone());
    let dropped = OnDrop(ends.dropped.clone(), 0);
    async move {
        let _ = route.call(request(number)).await;
        ends.answers.fetch_add(1, Ordering::Relaxed);
        std::mem::forget(dropped);
    }
}

/// With every permit back and the circuits closed again by probes, calls succeed as if nothing had
/// been.
async fn it_works_again(rig: &Rig, route: &Route, what: &str) {
    rig.recovers();
    for _ in 0..4 {
        rig.bench.world.sleep(ms(20)).await;
        for _ in 0..4 {
            let _ = Arc::clone(route).call(request(0)).await;
        }
    }
    for _ in 0..4 {
        assert_eq!(Arc::clone(route).call(request(0)).await, OK, "{what}: it works again");
    }
    assert_eq!(rig.held(), 0, "{what}: nothing is held in the end");
}
