//! The bare kernel, moving what the messages of `messages.json` move: the call of a user, the message, the sync of the
//! disk, the confirmation and the answer; the delivery, the work, the acknowledgement, its sync and its answer. Nobody
//! does anything.

use std::time::{Duration, Instant};

use cascadia_runtime::{Identity, Runtime, Time};
use cascadia_sim_core::{Sim, Simulation};

use crate::world::RATE;

/// How long each thing takes that happens to a message, in nanoseconds.
const WAYS: [u64; 10] =
    [200_000, 200_000, 2_000_000, 200_000, 200_000, 200_000, 10_000, 200_000, 2_000_000, 200_000];

pub(crate) fn run(messages: u64) -> Option<Duration> {
    let mut simulation = Simulation::new(1);
    let sim = simulation.sim();
    let begun = Instant::now();
    sim.spawn(users(sim, messages));
    simulation.run_until(Time::from_nanos(u64::MAX >> 2)).expect("it runs");
    Some(begun.elapsed())
}

async fn users(sim: Sim, messages: u64) {
    let mut gaps = sim.stream(Identity::new("users"), 0);
    for _ in 0..messages {
        sim.sleep(Duration::from_nanos(gaps.below(2_000_000_000 / RATE))).await;
        go_on(sim, 0);
    }
}

fn go_on(sim: Sim, step: usize) {
    if let Some(nanos) = WAYS.get(step) {
        sim.at(sim.now().after(*nanos), move || go_on(sim, step + 1));
    }
}
