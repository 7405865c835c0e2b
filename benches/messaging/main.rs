//! What a message costs: one partition as a state machine, the embedded broker beside Redis Streams, and a broker
//! in a simulated world beside SimPy and the bare kernel.
//!
//! `cargo bench --manifest-path benches/Cargo.toml --bench messaging` prints a table: medians of interleaved runs.
//! A message is published, confirmed, delivered and acknowledged, each by itself. What is not installed
//! (`redis-server`, and SimPy for `python3`) has no figure.

#[cfg(not(madsim))]
mod broker;
#[cfg(not(madsim))]
mod kernel;
#[cfg(not(madsim))]
mod partition;
#[cfg(not(madsim))]
mod redis;
#[cfg(not(madsim))]
mod simpy;
#[cfg(not(madsim))]
mod table;
#[cfg(not(madsim))]
mod world;

fn main() {
    #[cfg(not(madsim))]
    table::print();
}
