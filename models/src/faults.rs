//! Faults: what is planned to go wrong, begins and ends.

use std::sync::Arc;

use cascadia_sim_core::Sim;

use crate::model::Model;
use crate::plan::{Effect, FaultPlan, Hit};
use crate::service::{Death, Replica};
use crate::world::{Kind, World};

/// Arms the beginning and the end of every fault.
pub(crate) fn arm(model: &Model) {
    let World { sim, plan, .. } = &*model.world;
    for (index, fault) in plan.faults.iter().enumerate() {
        let hits: Arc<[Arc<Replica>]> = hits(*sim, model, fault).into();
        for (at, begins) in [(fault.start, true), (fault.end, false)] {
            let (world, hits) = (Arc::clone(&model.world), Arc::clone(&hits));
            sim.at(at, move || turn(&world, index, &hits, begins));
        }
    }
}

/// Fault number `index` begins or ends.
fn turn(world: &World, index: usize, hits: &[Arc<Replica>], begins: bool) {
    world.emit(index as u32, Kind::Fault, u64::from(begins));
    match &world.plan.faults[index].effect {
        Effect::Replicas(_, effect) => {
            hits.iter().for_each(|replica| effect(&Turn { replica, index, begins }));
        }
        Effect::Messages(effect) if begins => world.network.begin(index, Arc::clone(effect)),
        Effect::Messages(_) => world.network.end(index),
    }
}

/// A fault begins or ends at a replica.
struct Turn<'a> {
    replica: &'a Arc<Replica>,
    index: usize,
    begins: bool,
}

impl Hit for Turn<'_> {
    fn slow(&self, factor: f64) {
        self.replica.pace.stretch_start(factor, self.begins);
    }

    fn stretch(&self, factor: f64) {
        self.replica.pace.stretch_rate(factor, self.begins);
    }

    fn stop(&self) {
        self.replica.hold_down(Death::Machine, self.begins);
    }

    fn die(&self) {
        self.replica.hold_down(Death::Process, self.begins);
    }

    fn fail(&self, rate: f64) {
        self.replica.errors(self.index, self.begins.then_some(rate));
    }
}

/// The replicas that a fault hits, drawn from its own stream.
fn hits(sim: Sim, model: &Model, fault: &FaultPlan) -> Vec<Arc<Replica>> {
    let Effect::Replicas(target, _) = &fault.effect else { return Vec::new() };
    let mut stream = sim.stream(&fault.name, "targets", 0);
    let mut candidates = target.candidates.clone();
    let count = target.count();
    for index in 0..count {
        let other = index as u64 + stream.below((candidates.len() - index) as u64);
        candidates.swap(index, other as usize);
    }
    candidates.into_iter().take(count).map(|hit| Arc::clone(model.replica(hit))).collect()
}
