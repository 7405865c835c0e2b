//! Faults that are planted into replicas, and that the laws of every run must find.

use std::cell::Cell;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::raft::{Ready, Role};
use cascadia_patterns::shed::DisciplineConfig;
use cascadia_runtime::Time;

use super::running::Running;
use crate::laws::Law;
use crate::plan::*;
use crate::run::simulate;

/// What a planted fault makes of what is to be done.
type Plant = fn(&mut Running, Ready) -> Ready;

thread_local!(static PLANTED: Cell<Option<Plant>> = const { Cell::new(None) });

pub(super) fn plant(running: &mut Running, ready: Ready) -> Ready {
    match PLANTED.get() {
        Some(planted) => planted(running, ready),
        None => ready,
    }
}

/// A leader answers reads without asking whether it still leads.
fn reads_alone(running: &mut Running, mut ready: Ready) -> Ready {
    if running.raft.status().role == Role::Leader {
        let last = running.wishes.reads_so_far;
        ready.reads = (last.saturating_sub(100)..=last).collect();
    }
    ready
}

/// A leader applies and acknowledges what it is about to write to its own disk.
fn acknowledges_early(running: &mut Running, mut ready: Ready) -> Ready {
    if running.raft.status().role == Role::Leader {
        let new = ready.persist.iter().flat_map(|persist| &persist.append);
        ready.committed.extend(new.cloned());
    }
    ready
}

const APP: ServiceId = ServiceId(0);
const DB: ServiceId = ServiceId(1);

fn service(name: &str, replicas: u32, endpoints: Vec<EndpointPlan>) -> ServicePlan {
    ServicePlan {
        name: name.into(),
        replicas,
        workers: Workers::Unlimited,
        queue: QueuePlan { capacity: None, discipline: DisciplineConfig::default() },
        on_cancel: OnCancel::Ignore,
        forward_deadline: true,
        inbound: None,
        refusal: Duration::ZERO,
        forwards_trace: true,
        store: None,
        endpoints,
        consumes: Vec::new(),
        members: Vec::new(),
        branches: Vec::new(),
        own: None,
    }
}

fn at(millis: u64) -> Time {
    Time::from_nanos(millis * 1_000_000)
}

fn members() -> Side {
    let party = |replica| Party::Instance(Instance { service: DB, replica });
    Side::of((0..3).map(party).collect())
}

/// Messages to the store overtake each other, and each replica is cut off from the others in its turn,
/// but not from who asks.
fn faults() -> Vec<FaultPlan> {
    let cut = |replica: u32| {
        let one = Side::of(vec![Party::Instance(Instance { service: DB, replica })]);
        let effect = move |message: &Passage| match message.passes_between(&one, &members()) {
            true => Fate::Lost,
            false => Fate::Untouched,
        };
        let effect = Effect::Messages(Arc::new(effect));
        let start = 1_000 + 1_000 * u64::from(replica);
        FaultPlan { name: format!("{replica}"), start: at(start), end: at(start + 600), effect }
    };
    let (from, to) =
        (Side::of(vec![Party::Instance(Instance { service: APP, replica: 0 })]), members());
    let effect = move |message: &Passage| match message.passes(&from, &to) {
        true => Fate::Delayed { factor: 1.0, add: message.sample(&Law::Exponential { mean: 4e7 }) },
        false => Fate::Untouched,
    };
    let effect = Effect::Messages(Arc::new(effect));
    let late = FaultPlan { name: "late".into(), start: at(0), end: at(4_500), effect };
    (0..3).map(cut).chain([late]).collect()
}

/// Many write and read one row.
fn plan(seed: u64) -> Plan {
    let store =
        StorePlan { keeping: Keeping::Elected(ElectedPlan::default()), ..StorePlan::rows() };
    let access = |endpoint, act| Step::Access {
        store: DB,
        endpoint: EndpointId(endpoint),
        policy: None,
        asked: Asked { act, row: RowOf::named("one"), inside: None, once: None },
    };
    let script = vec![Step::chance(0.5, vec![access(3, Act::Write)], vec![access(1, Act::Read)])];
    let work = EndpointPlan { name: "work".into(), safe: true, once: false, script };
    let db = ServicePlan { store: Some(store.clone()), ..service("db", 3, store.endpoints()) };
    let users = LoadPlan {
        name: "users".into(),
        service: APP,
        endpoint: EndpointId(0),
        policy: None,
        priority: 0,
        arrivals: Arrivals::Constant(1_000.0),
        population: 1,
        keys: None,
        from: at(500),
        until: Time::MAX,
    };
    Plan {
        seed,
        duration: at(4_500),
        warmup: Time::ZERO,
        services: vec![service("app", 1, vec![work]), db],
        ledgers: Vec::new(),
        components: Vec::new(),
        stacks: Vec::new(),
        links: Links { default: Some(Link::new(Duration::from_micros(500))), ..Links::default() },
        loads: vec![users],
        faults: faults(),
        probes: Vec::new(),
        spoils: Spoils::default(),
    }
}

/// The laws that are broken under some seeds, each once.
fn broken(planted: Option<Plant>) -> Vec<String> {
    PLANTED.set(planted);
    let mut broken: Vec<String> = Vec::new();
    for seed in 0..10 {
        let measured = simulate(plan(seed), &mut |_| ControlFlow::Continue(())).unwrap();
        let laws = measured.invariants.into_iter().filter(|law| !law.passed);
        broken.extend(laws.map(|law| law.name));
    }
    PLANTED.set(None);
    broken.sort();
    broken.dedup();
    broken
}

#[test]
fn what_is_right_keeps_every_law() {
    assert_eq!(broken(None), [""; 0]);
}

#[test]
fn a_leader_that_reads_alone_is_found() {
    assert_eq!(broken(Some(reads_alone)), ["no-stale-read db"]);
}

#[test]
fn a_leader_that_acknowledges_what_no_majority_has_is_found() {
    let broken = broken(Some(acknowledges_early));
    assert!(broken.iter().any(|law| law == "acknowledged-is-kept db"), "{broken:?}");
    assert!(broken.iter().any(|law| law == "one-log db"), "{broken:?}");
}
