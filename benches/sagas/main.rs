//! What a saga costs in a simulated world: five steps, each done once at a service of its own, driven by two
//! orchestrators, beside the bare kernel moving the events of that.
//!
//! `cargo bench --manifest-path benches/Cargo.toml --bench sagas` prints a table: medians of interleaved runs.

#[cfg(not(madsim))]
mod kernel;
#[cfg(not(madsim))]
mod table;
#[cfg(not(madsim))]
mod world;

fn main() {
    #[cfg(not(madsim))]
    table::print();
}
