//! Replicas that come and go.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use cascadia_models::component::{
    Build, Change, Component, Envelope, Life, Member, Place, Row, Watcher,
};
use cascadia_models::measure::{Cause, Ended, Measured};
use cascadia_models::plan::*;
use cascadia_patterns::balance::BalanceKind;
use cascadia_patterns::breaker::BreakerConfig;
use cascadia_patterns::bulkhead::BulkheadConfig;
use cascadia_runtime::Time;

use crate::world::plans::{constant, ms, plan, run, service};

const OK: usize = Ended::Ok.index();
const FAILED: usize = Ended::Failed(Cause::Failed).index();
const NEVER: u64 = 100_000;

fn fault(start: u64, end: u64, effect: Effect) -> FaultPlan {
    FaultPlan { name: format!("from {start}"), start: ms(start), end: ms(end), effect }
}

fn scaled(start: u64, end: u64, to: u32) -> FaultPlan {
    scaled_gently((start, end), (0, to), Duration::ZERO)
}

fn scaled_gently((start, end): (u64, u64), (group, to): (u32, u32), grace: Duration) -> FaultPlan {
    fault(start, end, Effect::Members(Scale { group: ServiceId(group), to, grace }))
}

fn stopped(start: u64, end: u64, service: u32, replica: u32) -> FaultPlan {
    let candidates = vec![Instance { service: ServiceId(service), replica }];
    fault(start, end, Effect::on(Target { candidates, pick: Pick::All }, |hit| hit.stop()))
}

/// When the state of somebody changed, in nanoseconds, and to what.
fn lane(measured: &Measured, name: &str) -> Vec<(u64, &'static str)> {
    let changes = measured.lanes[name].changes.iter();
    changes.map(|change| (change.at.as_nanos(), change.state)).collect()
}

fn millis(changes: &[(u64, &'static str)]) -> Vec<(u64, &'static str)> {
    changes.iter().map(|(at, state)| (ms(*at).as_nanos(), *state)).collect()
}

/// Ten requests in a second, to two workers of 300 ms at places of their own.
fn shrinking() -> Plan {
    let mut server = service("server", 1, vec![Step::Compute(constant(300))]);
    server.replicas = 2;
    let mut plan = plan(vec![server], Arrivals::Constant(10.0), ms(5_000));
    plan.loads[0].until = ms(1_000);
    plan.links.default = Some(Link::new(Duration::from_millis(3)));
    plan.faults = vec![scaled(505, NEVER, 1)];
    plan
}

/// The ways in which requests are at a replica: worked on without a task and with one, before a
/// queue and before a line of an inbound stack.
fn ways() -> Vec<Plan> {
    let mut stops = shrinking();
    stops.services[0].on_cancel = OnCancel::Stop;
    let mut guarded = shrinking();
    guarded.services[0].inbound = Some(StackId(0));
    let line = BulkheadConfig { limit: 1, max_wait: Duration::MAX, max_waiting: None };
    guarded.stacks = vec![StackPlan { name: "line".into(), layers: vec![LayerPlan::new(line)] }];
    vec![shrinking(), stops, guarded]
}

#[test]
fn who_leaves_takes_no_more_calls_and_ends_those_under_way() {
    for (way, plan) in ways().into_iter().enumerate() {
        let measured = run(plan);
        let outcomes = &measured.loads[0].measured.outcomes;
        let service = &measured.services[0];
        let counters = &service.measured;
        assert_eq!(outcomes[OK] + outcomes[FAILED], 10, "way {way}: {outcomes:?}");
        assert_eq!(counters.arrivals, outcomes[OK], "way {way}");
        assert_eq!(counters.completions, outcomes[OK], "way {way}");
        let [stayer, leaver] = service.replicas[..] else { panic!("way {way}: two replicas") };
        assert_eq!(leaver.completions, leaver.arrivals, "way {way}");
        assert!(leaver.arrivals > 0, "way {way}");
        let [(505_000_000, "draining"), (end, "left")] = lane(&measured, "server/1")[..] else {
            panic!("way {way}: {:?}", measured.lanes)
        };
        // It works without a pause from its first request to its last.
        let idle = leaver.capacity - leaver.in_service;
        assert_eq!(leaver.capacity, u128::from(end), "way {way}: up to its end and no longer");
        assert!(end > 505_000_000 && idle < 110_000_000, "way {way}: {leaver:?}");
        assert_eq!(stayer.capacity, 5_000_000_000, "way {way}");
    }
}

#[test]
fn who_is_idle_leaves_at_once() {
    let mut plan = shrinking();
    plan.faults = vec![scaled(4_500, NEVER, 1)];
    let changes = millis(&[(4_500, "draining"), (4_500, "left")]);
    assert_eq!(lane(&run(plan), "server/1"), changes);
}

#[test]
fn who_dies_while_it_drains_does_not_come_back() {
    let mut plan = shrinking();
    plan.faults.push(stopped(600, 700, 0, 1));
    assert_eq!(lane(&run(plan), "server/1"), millis(&[(505, "draining"), (600, "left")]));
}

#[test]
fn who_is_down_when_it_is_to_leave_does_not_come_back() {
    let mut plan = shrinking();
    plan.faults.insert(0, stopped(400, 700, 0, 1));
    assert_eq!(lane(&run(plan), "server/1"), millis(&[(400, "down"), (505, "left")]));
}

#[test]
fn the_last_scale_in_force_decides_and_no_number_is_given_twice() {
    let server = service("server", 1, vec![Step::Compute(constant(1))]);
    let mut plan = plan(vec![server], Arrivals::Constant(10.0), ms(1_000));
    plan.faults = vec![scaled(105, 405, 3), scaled(205, 305, 2)];
    let measured = run(plan);
    for (name, changes) in [
        ("server/1", [(105, "up"), (405, "draining"), (405, "left")]),
        ("server/2", [(105, "up"), (205, "draining"), (205, "left")]),
        ("server/3", [(305, "up"), (405, "draining"), (405, "left")]),
    ] {
        assert_eq!(measured.lanes[name].initial, "absent");
        assert_eq!(lane(&measured, name), millis(&changes), "{name}");
    }
    let up: Vec<_> = measured.services[0].replicas.iter().map(|it| it.capacity).collect();
    assert_eq!(up, [1_000_000_000, 300_000_000, 100_000_000, 100_000_000]);
    assert_eq!(measured.services[0].measured.capacity, up.iter().sum::<u128>());
}

/// A hundred requests a second, each of which takes a tenth of one, to a service that grows from one
/// replica to three for a second.
fn growing(kind: BalanceKind, grace: Duration) -> Measured {
    let server = service("server", 100, vec![Step::Compute(constant(100))]);
    let mut plan = plan(vec![server], Arrivals::Constant(100.0), ms(4_000));
    plan.loads[0].until = ms(3_000);
    plan.loads[0].policy = Some(StackId(0));
    plan.links.default = Some(Link::new(Duration::from_millis(5)));
    let breaker = LayerPlan::new(BreakerConfig::default());
    plan.stacks = vec![StackPlan { name: "p".into(), layers: vec![LayerPlan::new(kind), breaker] }];
    plan.faults = vec![scaled_gently((1_001, 2_001), (0, 3), grace)];
    run(plan)
}

const RULES: [BalanceKind; 4] =
    [BalanceKind::RoundRobin, BalanceKind::Random, BalanceKind::LeastConnections, BalanceKind::P2c];

#[test]
fn callers_know_at_once_who_joins_and_who_leaves() {
    for kind in RULES {
        let measured = growing(kind, Duration::from_millis(5));
        let service = &measured.services[0];
        assert_eq!(measured.loads[0].measured.outcomes[OK], 300, "{kind:?}");
        let [first, second, third] = service.replicas[..] else { panic!("{kind:?}") };
        let shared = [first.arrivals - 200, second.arrivals, third.arrivals];
        assert_eq!(shared.iter().sum::<u64>(), 100, "{kind:?}");
        assert!(shared.iter().all(|count| (20..50).contains(count)), "{kind:?}: {shared:?}");
        for replica in ["server/1", "server/2"] {
            let [(joined, "up"), (told, "draining"), (gone, "left")] = lane(&measured, replica)[..]
            else {
                panic!("{kind:?}: {:?}", measured.lanes)
            };
            assert_eq!([joined, told], [1_001_000_000, 2_001_000_000], "{kind:?}");
            // A call of the last moment takes 5 ms to come, and 100 ms of work.
            assert!((2_006_000_000..=2_106_000_000).contains(&gone), "{kind:?}: {gone}");
        }
    }
}

#[test]
fn who_leaves_without_grace_refuses_what_was_on_its_way() {
    // One request is on its way, to whomever it may be.
    let refused = RULES.map(|kind| {
        let outcomes = growing(kind, Duration::ZERO).loads[0].measured.outcomes;
        assert_eq!(outcomes[OK] + outcomes[FAILED], 300, "{kind:?}");
        outcomes[FAILED]
    });
    assert_eq!(refused.into_iter().max(), Some(1), "{refused:?}");
}

#[test]
fn callers_that_begin_later_know_those_who_joined_and_none_who_left() {
    let call = Step::Call { service: ServiceId(1), endpoint: EndpointId(0), policy: None };
    let front = service("front", 100, vec![call]);
    let back = service("back", 1, vec![Step::Compute(constant(1))]);
    let mut plan = plan(vec![front, back], Arrivals::Constant(100.0), ms(3_000));
    let back = |start, to| scaled_gently((start, NEVER), (1, to), Duration::ZERO);
    plan.faults =
        vec![back(505, 3), stopped(605, 705, 0, 0), back(1_505, 1), stopped(1_405, 1_605, 0, 0)];
    let measured = run(plan);
    let service = &measured.services[1];
    let arrivals: Vec<u64> = service.replicas.iter().map(|it| it.arrivals).collect();
    assert_eq!(arrivals.len(), 3);
    assert!(arrivals.iter().all(|count| *count > 10), "{arrivals:?}");
    assert_eq!(arrivals.iter().sum::<u64>(), service.measured.arrivals);
    let series = &service.replica_arrivals;
    let kept: Vec<u64> = series.iter().map(|series| series.iter().sum()).collect();
    assert_eq!(kept, arrivals, "who joins later has none in the windows before");
    // What ended other than well was at the front when it stopped, or came then.
    let outcomes = &measured.loads[0].measured.outcomes;
    assert_eq!(outcomes[FAILED], 0);
    assert_eq!(outcomes[OK], service.measured.completions);
}

/// Writes down when somebody joins a service or leaves it.
#[derive(Clone, Debug)]
struct Register(Arc<Mutex<Vec<(Time, bool, u32)>>>);

/// A life of it: the watcher is told for as long as it is kept.
struct Watching(Register, Mutex<Option<Arc<Watcher>>>);

impl Component for Watching {
    fn boot(self: Arc<Self>, life: Life) {
        let (Register(log), told) = (self.0.clone(), life.clone());
        let watcher: Arc<Watcher> = Arc::new(move |change| {
            let (joined, Member { instance, place }) = match change {
                Change::Joined(member) => (true, member),
                Change::Left(member) => (false, member),
            };
            assert_eq!(told.find("server").contains(&place), joined);
            log.lock().unwrap().push((told.now(), joined, instance.replica));
        });
        life.watch("server", &watcher);
        *self.1.lock().unwrap() = Some(watcher);
    }

    fn receive(self: Arc<Self>, _: Envelope) {}

    fn end(&self, _: cascadia_models::component::Death) {
        *self.1.lock().unwrap() = None;
    }
}

impl Build for Register {
    fn rows(&self) -> &'static [Row] {
        &[]
    }

    fn build(&self, _: &Arc<Place>) -> Arc<dyn Component> {
        Arc::new(Watching(self.clone(), Mutex::default()))
    }
}

#[test]
fn who_watches_a_service_is_told_of_every_change_while_it_lives() {
    let register = Register(Arc::default());
    let mut plan = shrinking();
    plan.components = vec![ComponentPlan::new("register".into(), 1, Arc::new(register.clone()))];
    plan.faults = vec![scaled(100, 300, 3), scaled(400, 500, 1), stopped(450, NEVER, 1, 0)];
    run(plan);
    let changes = [(100, true, 2), (300, false, 2), (400, false, 1)];
    let changes = changes.map(|(at, joined, replica)| (ms(at), joined, replica));
    assert_eq!(*register.0.lock().unwrap(), changes);
}
