//! What a message costs: one partition as a state machine, and the embedded broker in memory.
//!
//! `cargo bench --manifest-path benches/Cargo.toml --bench messaging` prints a table: medians of interleaved runs in one
//! process. A message is published, delivered and acknowledged, each by itself.

mod broker;
mod partition;

use std::time::Duration;

/// Runs so many messages, and says how long that took.
type Timed = fn(u64) -> Duration;

const ROWS: [(&str, Timed, u64); 3] = [
    ("partition, batch 1", partition::one_by_one, 1_000_000),
    ("partition, batch 100", partition::by_the_hundred, 1_000_000),
    ("embedded in memory, batch 1", broker::one_by_one, 50_000),
];

const ROUNDS: usize = 7;

#[expect(clippy::print_stdout, reason = "it is what the command is for")]
fn main() {
    println!("\nnanoseconds a message, medians of {ROUNDS} interleaved runs\n");
    let mut costs = ROWS.map(|_| Vec::new());
    for _ in 0..ROUNDS {
        for ((_, timed, messages), costs) in ROWS.iter().zip(&mut costs) {
            costs.push(timed(*messages).as_nanos() as f64 / *messages as f64);
        }
    }
    for ((name, ..), mut costs) in ROWS.into_iter().zip(costs) {
        costs.sort_by(f64::total_cmp);
        println!("{name:30}{:>10.0}", costs[ROUNDS / 2]);
    }
}
