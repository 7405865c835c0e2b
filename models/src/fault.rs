//! Faults: what is planned to go wrong, begins and ends.

use std::sync::Arc;

use crate::model::{Kind, Model};
use crate::plan::{Effect, FaultPlan, Hit, Instance};
use crate::service::Death;

/// Arms the beginning and the end of every fault.
pub(crate) fn arm(model: &Arc<Model>) {
    for (index, fault) in model.plan.faults.iter().enumerate() {
        let hits: Arc<[Instance]> = hits(model, fault).into();
        for (at, begins) in [(fault.start, true), (fault.end, false)] {
            let (model, hits) = (Arc::clone(model), Arc::clone(&hits));
            let sim = model.sim;
            sim.at(at, move || turn(&model, index, &hits, begins));
        }
    }
}

/// Fault number `index` begins or ends.
fn turn(model: &Arc<Model>, index: usize, hits: &[Instance], begins: bool) {
    model.emit(index as u32, Kind::Fault, u64::from(begins));
    match &model.plan.faults[index].effect {
        Effect::Replicas(_, effect) => {
            hits.iter().for_each(|hit| effect(&Turn { model, hit: *hit, index, begins }));
        }
        Effect::Messages(effect) if begins => model.network.begin(index, Arc::clone(effect)),
        Effect::Messages(_) => model.network.end(index),
    }
}

/// A fault begins or ends at a replica.
struct Turn<'a> {
    model: &'a Arc<Model>,
    hit: Instance,
    index: usize,
    begins: bool,
}

impl Hit for Turn<'_> {
    fn slow(&self, factor: f64) {
        self.model.replica(self.hit).pace.stretch_start(factor, self.begins);
    }

    fn stretch(&self, factor: f64) {
        self.model.replica(self.hit).pace.stretch_rate(factor, self.begins);
    }

    fn stop(&self) {
        self.model.replica(self.hit).hold_down(self.model, Death::Machine, self.begins);
    }

    fn die(&self) {
        self.model.replica(self.hit).hold_down(self.model, Death::Process, self.begins);
    }

    fn fail(&self, rate: f64) {
        self.model.replica(self.hit).errors(self.index, self.begins.then_some(rate));
    }
}

/// The instances that a fault hits, drawn from its own stream.
fn hits(model: &Model, fault: &FaultPlan) -> Vec<Instance> {
    let Effect::Replicas(target, _) = &fault.effect else { return Vec::new() };
    let mut stream = model.sim.stream(&fault.name, "targets", 0);
    let mut candidates = target.candidates.clone();
    let count = target.count();
    for index in 0..count {
        let other = index as u64 + stream.below((candidates.len() - index) as u64);
        candidates.swap(index, other as usize);
    }
    candidates.truncate(count);
    candidates
}
