//! Stores that elect who leads: what was acknowledged is there, whoever dies and whoever is cut off.
//! That reads are not stale, that no acknowledged write is missing and that all replicas apply the
//! same log are laws of every run.

mod cuts;
mod deaths;
mod disks;
mod rows;
mod worlds;

use std::sync::Arc;
use std::time::Duration;

use cascadia_models::laws::Law;
use cascadia_models::measure::{Cause, Ended, Measured, StoreCounts};
use cascadia_models::plan::*;

use crate::world::plans::{constant, ms, plan, run, service};

const DB: ServiceId = ServiceId(1);

fn store(replicas: u32) -> ServicePlan {
    let access = Access { before: constant(1), after: Law::Constant(0.0) };
    let keeping = Keeping::Elected(ElectedPlan::default());
    let store = StorePlan { keeping, read: access.clone(), write: access, ..StorePlan::rows() };
    let mut plan = service("db", 1, Vec::new());
    plan.endpoints = store.endpoints();
    (plan.replicas, plan.workers, plan.store) = (replicas, Workers::Unlimited, Some(store));
    plan
}

fn access(act: Act, row: RowOf, inside: Option<Vec<Inside>>) -> Step {
    let endpoint = Act::ALL.iter().position(|known| *known == act).unwrap();
    let asked = Asked { act, row, inside: inside.map(Arc::from), once: None };
    Step::Access { store: DB, endpoint: EndpointId(endpoint as u32), policy: None, asked }
}

fn write() -> Step {
    access(Act::Write, RowOf::Request, None)
}

fn read() -> Step {
    access(Act::Read, RowOf::Request, None)
}

const SENT: u64 = 1_000;

/// A hundred requests in a second, from the end of the first second on, for a script before so many
/// replicas. A message takes half a millisecond.
fn world(script: Vec<Step>, replicas: u32) -> Plan {
    let services = vec![service("app", 10_000, script), store(replicas)];
    let mut plan = plan(services, Arrivals::Constant(100.0), ms(12_000));
    plan.loads[0].from = ms(1_000);
    plan.loads[0].until = ms(11_000);
    plan.links.default = Some(Link::new(Duration::from_micros(500)));
    plan
}

/// Who leads when nothing goes wrong.
fn leader(plan: &Plan) -> u32 {
    let measured = run(Plan { faults: Vec::new(), ..plan.clone() });
    let arrivals = measured.services[1].replicas.iter().map(|replica| replica.arrivals);
    let (_, leader) = arrivals.zip(0..).max().unwrap();
    leader
}

fn others(leader: u32, replicas: u32) -> Vec<u32> {
    (0..replicas).filter(|replica| *replica != leader).collect()
}

fn counts(measured: &Measured) -> StoreCounts {
    measured.services[1].measured.store
}

/// How many are answered, failed, and hang to the end.
fn ended(measured: &Measured) -> [u64; 3] {
    let outcomes = measured.loads[0].measured.outcomes;
    let ended = [Ended::Ok, Ended::Failed(Cause::Failed), Ended::Unfinished];
    ended.map(|ended| outcomes[ended.index()])
}

fn fault(
    (from, to): (u64, u64),
    replicas: &[u32],
    verb: impl Fn(&dyn Hit) + Send + Sync + 'static,
) -> FaultPlan {
    let instance = |replica: &u32| Instance { service: DB, replica: *replica };
    let candidates = replicas.iter().map(instance).collect();
    let effect = Effect::on(Target { candidates, pick: Pick::All }, verb);
    FaultPlan { name: format!("{from} to {to}"), start: ms(from), end: ms(to), effect }
}

fn side(replicas: &[u32]) -> Side {
    let party = |replica: &u32| Party::Instance(Instance { service: DB, replica: *replica });
    Side::of(replicas.iter().map(party).collect())
}

fn messages(
    (from, to): (u64, u64),
    effect: impl Fn(&Passage) -> Fate + Send + Sync + 'static,
) -> FaultPlan {
    let effect = Effect::Messages(Arc::new(effect));
    FaultPlan { name: format!("{from} to {to}"), start: ms(from), end: ms(to), effect }
}

/// Nothing comes through between two sides.
fn cut(during: (u64, u64), one: Side, other: Side) -> FaultPlan {
    messages(during, move |message| match message.passes_between(&one, &other) {
        true => Fate::Lost,
        false => Fate::Untouched,
    })
}
