//! The table: one line for the sagas, and one for their events.

use std::time::Duration;

use crate::{kernel, world};

/// Runs so many sagas, and says how long that took; nothing where it cannot.
type Timed = fn(u64) -> Option<Duration>;

const ROWS: [(&str, Timed, u64); 2] =
    [("simulated", world::run, 5_000), ("events of that, bare kernel", kernel::run, 200_000)];

const ROUNDS: usize = 7;

#[expect(clippy::print_stdout, reason = "it is what the command is for")]
pub(crate) fn print() {
    println!("\nmedians of {ROUNDS} interleaved runs\n");
    println!("{:30}{:>12}{:>14}", "", "ns/saga", "sagas/s");
    let mut costs = ROWS.map(|_| Vec::new());
    for _ in 0..ROUNDS {
        for ((_, timed, sagas), costs) in ROWS.iter().zip(&mut costs) {
            let took = timed(*sagas);
            costs.extend(took.map(|took| took.as_nanos() as f64 / *sagas as f64));
        }
    }
    for ((name, ..), mut costs) in ROWS.into_iter().zip(costs) {
        costs.sort_by(f64::total_cmp);
        match costs.get(costs.len() / 2) {
            Some(cost) => println!("{name:30}{cost:>12.0}{:>14.0}", 1e9 / cost),
            None => println!("{name:30}{:>12}", "-"),
        }
    }
}
