//! The table: one line for each way of moving messages.

use std::time::Duration;

use crate::{broker, kernel, partition, redis, simpy, world};

/// Runs so many messages, and says how long that took; nothing where it cannot.
type Timed = fn(u64) -> Option<Duration>;

const ROWS: [(&str, Timed, u64); 8] = [
    ("partition, batch 1", partition::one_by_one, 1_000_000),
    ("partition, batch 100", partition::by_the_hundred, 1_000_000),
    ("embedded in memory", broker::in_memory, 50_000),
    ("embedded on redb, synced", broker::on_redb, 500),
    ("Redis Streams, not on disk", redis::one_by_one, 20_000),
    ("simulated", world::run, 100_000),
    ("simulated by SimPy", simpy::run, 50_000),
    ("events of that, bare kernel", kernel::run, 500_000),
];

const ROUNDS: usize = 7;

#[expect(clippy::print_stdout, reason = "it is what the command is for")]
pub(crate) fn print() {
    println!("\nmedians of {ROUNDS} interleaved runs\n");
    println!("{:30}{:>12}{:>14}", "", "ns/message", "messages/s");
    let mut costs = ROWS.map(|_| Vec::new());
    for _ in 0..ROUNDS {
        for ((_, timed, messages), costs) in ROWS.iter().zip(&mut costs) {
            let took = timed(*messages);
            costs.extend(took.map(|took| took.as_nanos() as f64 / *messages as f64));
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
