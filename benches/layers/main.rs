//! What a layer costs a call on the happy path, beside tower's own and those of tower-resilience.
//!
//! `cargo bench --manifest-path benches/Cargo.toml --bench layers` runs criterion's groups and then
//! prints a table: medians of interleaved runs in one process, on tokio. `-- --table` prints the table
//! alone.
//!
//! Our stacks are put together at run time from a configuration, so every layer of ours is behind a
//! `dyn`. What compares with that of tower is a boxed service; beside it stands the plain one, which
//! the compiler sees through and merges with its caller.
//!
//! All call the same server, which answers at once by a boxed future, as a client behind a `dyn`
//! does, and all carry the same request. A new layer of ours has a row by itself; the others that have
//! it need an arm each.

#![allow(missing_docs, reason = "criterion's macros")]

mod call;
mod ours;
mod resilience;
mod table;
mod tower_own;

use std::time::Duration;

use criterion::{BenchmarkId, Criterion};

use self::call::Timed;
use self::tower_own::How;

/// Who takes part, and how it is timed in a row that it has a layer for.
struct Contender {
    name: &'static str,
    timed: fn(&str) -> Option<Timed>,
}

const CONTENDERS: [Contender; 4] = [
    Contender { name: "cascadia", timed: ours::timed },
    Contender { name: "tower-resilience", timed: resilience::timed },
    Contender { name: "tower boxed", timed: |row| tower_own::timed(row, How::Boxed) },
    Contender { name: "tower", timed: |row| tower_own::timed(row, How::Plain) },
];

fn main() {
    if !std::env::args().any(|argument| argument == "--table") {
        groups();
    }
    table::print();
}

fn groups() {
    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(600));
    for row in ours::rows() {
        let mut group = criterion.benchmark_group(row);
        for contender in &CONTENDERS {
            let Some(mut timed) = (contender.timed)(row) else { continue };
            group.bench_function(BenchmarkId::from_parameter(contender.name), |bencher| {
                bencher.iter_custom(&mut timed);
            });
        }
        group.finish();
    }
    criterion.final_summary();
}
