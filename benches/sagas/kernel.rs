//! The bare kernel, moving what the sagas of `sagas.json` move: the order of a user, its commit; each command, its work,
//! its answer and the commit of that; and the answer to the user. Nobody does anything.

use std::time::{Duration, Instant};

use cascadia_runtime::{Identity, Runtime, Time};
use cascadia_sim_core::{Sim, Simulation};

use crate::world::RATE;

/// How long a message is on its way, a step takes, and a half of a commit, in nanoseconds.
const LINK: u64 = 200_000;
const WORK: u64 = 1_000_000;
const HALF: u64 = 1_000_000;

/// What happens in each step, before and after all of them.
const BEGIN: [u64; 3] = [LINK, HALF, HALF];
const STEP: [u64; 5] = [LINK, WORK, LINK, HALF, HALF];
const END: [u64; 1] = [LINK];

const STEPS: usize = 5;

pub(crate) fn run(sagas: u64) -> Option<Duration> {
    let mut simulation = Simulation::new(1);
    let sim = simulation.sim();
    let begun = Instant::now();
    sim.spawn(users(sim, sagas));
    simulation.run_until(Time::from_nanos(u64::MAX >> 2)).expect("it runs");
    Some(begun.elapsed())
}

async fn users(sim: Sim, sagas: u64) {
    let mut gaps = sim.stream(Identity::new("users"), 0);
    for _ in 0..sagas {
        sim.sleep(Duration::from_nanos(gaps.below(2_000_000_000 / RATE))).await;
        go_on(sim, 0);
    }
}

fn go_on(sim: Sim, at: usize) {
    if let Some(nanos) = way(at) {
        sim.at(sim.now().after(nanos), move || go_on(sim, at + 1));
    }
}

/// How long the thing takes that happens after so many others.
fn way(at: usize) -> Option<u64> {
    let Some(after) = at.checked_sub(BEGIN.len()) else { return Some(BEGIN[at]) };
    match after / STEP.len() < STEPS {
        true => Some(STEP[after % STEP.len()]),
        false => END.get(after - STEPS * STEP.len()).copied(),
    }
}
