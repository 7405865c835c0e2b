//! Faults: what is planned to go wrong, begins and ends.

use std::sync::Arc;

use crate::model::{Kind, Model};
use crate::plan::{Effect, FaultPlan, Instance, Pick, Side, SlowMode, Target};

/// Arms the beginning and the end of every fault.
pub(crate) fn arm(model: &Arc<Model>) {
    for (index, fault) in model.plan.faults.iter().enumerate() {
        let active = Arc::new(Fault { index, hits: hits(model, fault), effect: effect(fault) });
        for (at, begins) in [(fault.start, true), (fault.end, false)] {
            let (model, active) = (Arc::clone(model), Arc::clone(&active));
            let sim = model.sim;
            sim.at(at, move || active.turn(&model, begins));
        }
    }
}

struct Fault {
    index: usize,
    /// The instances that it hits.
    hits: Vec<Instance>,
    effect: Arc<Effect>,
}

impl Fault {
    fn turn(&self, model: &Arc<Model>, begins: bool) {
        model.emit(self.index as u32, Kind::Fault, u64::from(begins));
        match &*self.effect {
            Effect::Latency { .. } | Effect::Loss { .. } | Effect::Partition { .. } => {
                if begins {
                    model.network.begin(self.index, Arc::clone(&self.effect));
                } else {
                    model.network.end(self.index);
                }
            }
            Effect::Slow { factor, mode, .. } => {
                for hit in &self.hits {
                    let pace = &model.replica(*hit).pace;
                    match mode {
                        SlowMode::Start => pace.stretch_start(*factor, begins),
                        SlowMode::Rate => pace.stretch_rate(*factor, begins),
                    }
                }
            }
            Effect::Crash { .. } => {
                for hit in &self.hits {
                    model.replica(*hit).hold_down(model, begins);
                }
            }
            Effect::Errors { rate, .. } => {
                for hit in &self.hits {
                    model.replica(*hit).errors(self.index, begins.then_some(*rate));
                }
            }
        }
    }
}

/// The instances that a fault hits, drawn from its own stream.
fn hits(model: &Model, fault: &FaultPlan) -> Vec<Instance> {
    let (Effect::Slow { target, .. } | Effect::Crash { target } | Effect::Errors { target, .. }) =
        &fault.effect
    else {
        return Vec::new();
    };
    let mut stream = model.sim.stream(&fault.name, "targets", 0);
    let mut candidates = target.candidates.clone();
    let count = count(target);
    for index in 0..count {
        let other = index as u64 + stream.below((candidates.len() - index) as u64);
        candidates.swap(index, other as usize);
    }
    candidates.truncate(count);
    candidates
}

fn count(target: &Target) -> usize {
    let all = target.candidates.len();
    match target.pick {
        Pick::All => all,
        Pick::One => 1,
        Pick::Share(share) => share_of(share, all).clamp(1, all),
    }
}

/// A share of so many, rounded up. A share such as 55 % is no binary number, and what it is too
/// large by must not count as one more.
fn share_of(share: f64, all: usize) -> usize {
    let exact = share * all as f64;
    libm::ceil(exact - exact * 2.0 * f64::EPSILON) as usize
}

/// The effect with its sides sorted, as the network looks them up.
fn effect(fault: &FaultPlan) -> Arc<Effect> {
    let mut effect = fault.effect.clone();
    if let Effect::Latency { from, to, .. }
    | Effect::Loss { from, to, .. }
    | Effect::Partition { from, to, .. } = &mut effect
    {
        sort(from);
        sort(to);
    }
    Arc::new(effect)
}

fn sort(side: &mut Side) {
    if let Some(parties) = &mut side.0 {
        parties.sort_unstable();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_in_tenths_of_a_percent_is_rounded_up_as_whole_numbers_are() {
        for tenths in 1..=1_000_usize {
            let share: f64 = format!("{tenths}e-3").parse().unwrap();
            for all in (1..=1_000).chain([9_999, 100_000, 10_000_000]) {
                let expected = (tenths * all).div_ceil(1_000);
                assert_eq!(share_of(share, all), expected, "{tenths} tenths of a percent of {all}");
            }
        }
    }
}
