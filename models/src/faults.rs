//! Faults: what is planned to go wrong, begins and ends.

use std::sync::Arc;

use cascadia_sim_core::{NodeId, Sim};

use crate::component::{Death, Ground, Strike};
use crate::model::Model;
use crate::network::Disturbance;
use crate::plan::{Effect, Errors, FaultPlan, Hit, Instance, Party, Target, Trouble};
use crate::world::{EventKind, Resident, World};

/// Arms the beginning and the end of every fault.
pub(crate) fn arm(model: &Arc<Model>) {
    let World { sim, plan, .. } = &*model.world;
    for (index, fault) in plan.faults.iter().enumerate() {
        let hits = Arc::new(hits(*sim, model, fault));
        for (at, begins) in [(fault.start, true), (fault.end, false)] {
            let (model, hits) = (Arc::clone(model), Arc::clone(&hits));
            sim.at(at, move || turn(&model, index, &hits, begins));
        }
    }
}

/// Whom a fault hits.
#[derive(Default)]
struct Hits {
    residents: Vec<Arc<Resident>>,
    clocks: Vec<NodeId>,
}

/// Fault number `index` begins or ends.
fn turn(model: &Model, index: usize, hits: &Hits, begins: bool) {
    let Model { world, ground, .. } = model;
    world.emit(index as u32, EventKind::Fault, u64::from(begins));
    match &world.plan.faults[index].effect {
        Effect::Replicas(_, effect) => {
            let residents = hits.residents.iter();
            residents.for_each(|resident| effect(&Turn { resident, ground, index, begins }));
        }
        Effect::Messages(effect) if begins => {
            world.network.begin(Disturbance::Fault(index), Arc::clone(effect));
        }
        Effect::Messages(_) => world.network.end(Disturbance::Fault(index)),
        Effect::Members(scale) => model.scale(index, *scale, begins),
        Effect::Clocks(_, skew) => {
            hits.clocks.iter().for_each(|node| model.clocks.turn(*node, index, *skew, begins));
        }
    }
}

/// A fault begins or ends somewhere.
struct Turn<'a> {
    resident: &'a Resident,
    ground: &'a Arc<dyn Ground>,
    index: usize,
    begins: bool,
}

impl Turn<'_> {
    fn strike(&self, strike: Strike) {
        self.resident.component.strike(strike, self.begins);
    }
}

impl Hit for Turn<'_> {
    fn slow(&self, factor: f64) {
        self.strike(Strike::Slow(factor));
    }

    fn stretch(&self, factor: f64) {
        self.strike(Strike::Stretch(factor));
    }

    fn stop(&self) {
        self.resident.hold_down(self.ground, Death::Machine, self.begins);
    }

    fn die(&self) {
        self.resident.hold_down(self.ground, Death::Process, self.begins);
    }

    fn err(&self, errors: &Arc<Errors>) {
        self.strike(Strike::Fail(self.index, Arc::clone(errors)));
    }

    fn trouble(&self, trouble: Trouble) {
        self.resident.trouble(self.index, trouble, self.begins);
    }
}

fn hits(sim: Sim, model: &Model, fault: &FaultPlan) -> Hits {
    let resident = |hit| model.world.directory.find(hit);
    match &fault.effect {
        Effect::Replicas(target, _) => {
            let drawn = drawn(sim, fault, target).flat_map(|hit| with_guests(model, hit));
            let residents = drawn.map(resident).collect();
            Hits { residents, ..Hits::default() }
        }
        Effect::Clocks(target, _) => {
            let nodes = |hit| match hit {
                Party::Load(load) => vec![model.loads[load.0 as usize].node],
                Party::Instance(hit) => {
                    let here = with_guests(model, hit).into_iter();
                    here.map(|hit| resident(hit).place.node).collect()
                }
                Party::Host(_) => Vec::new(),
            };
            let mut clocks = Vec::new();
            for node in drawn(sim, fault, target).flat_map(nodes) {
                if !clocks.contains(&node) {
                    clocks.push(node);
                }
            }
            Hits { clocks, ..Hits::default() }
        }
        Effect::Messages(_) | Effect::Members(_) => Hits::default(),
    }
}

/// A replica, and those components that are on its machine.
fn with_guests(model: &Model, hit: Instance) -> Vec<Instance> {
    let plan = &model.world.plan;
    let guests = plan.guests(hit.service).map(|service| Instance { service, ..hit });
    std::iter::once(hit).chain(guests).collect()
}

/// Whom a fault hits, drawn from its own stream.
fn drawn<Who: Copy>(
    sim: Sim,
    fault: &FaultPlan,
    target: &Target<Who>,
) -> impl Iterator<Item = Who> {
    let mut stream = sim.stream(fault.identity(), 0);
    let mut candidates = target.candidates.clone();
    let count = target.count();
    for index in 0..count {
        let other = index as u64 + stream.below((candidates.len() - index) as u64);
        candidates.swap(index, other as usize);
    }
    candidates.into_iter().take(count)
}
