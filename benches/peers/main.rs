//! What an event costs, beside the peers.
//!
//! `cargo bench --manifest-path benches/Cargo.toml --bench peers` runs criterion's groups and then
//! prints a table: medians of five interleaved runs, each in a process of its own. `-- --table` prints
//! the table alone.
//! madsim needs a build of its own, with `--cfg madsim`; it is built on the way.

#![allow(missing_docs, reason = "criterion's macros")]

#[cfg(not(madsim))]
mod bach;
#[cfg(not(madsim))]
mod heap;
#[cfg(madsim)]
mod madsim;
#[cfg(not(madsim))]
mod nexosim;
#[cfg(not(madsim))]
mod ours;
mod process;
mod table;
#[cfg(not(madsim))]
mod tokio_paused;
#[cfg(not(madsim))]
mod turmoil;
mod workload;

use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput};

use self::workload::{Run, Workload};

/// Who takes part, and how it does so many operations of a workload.
struct Contender {
    name: &'static str,
    run: Run,
}

/// The contenders of this build.
#[cfg(not(madsim))]
const HERE: &[Contender] = &[
    Contender { name: "cascadia", run: ours::run },
    Contender { name: "heap", run: heap::run },
    Contender { name: "nexosim", run: nexosim::run },
    Contender { name: "bach", run: bach::run },
    Contender { name: "tokio", run: tokio_paused::run },
    Contender { name: "turmoil", run: turmoil::run },
];
#[cfg(madsim)]
const HERE: &[Contender] = &[Contender { name: "madsim", run: madsim::run }];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["--one", name, workload, operations] => process::answer(name, workload, operations),
        _ => {
            if !arguments.contains(&"--table") {
                groups();
            }
            table::print();
        }
    }
}

fn groups() {
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    for workload in Workload::ALL {
        let mut group = criterion.benchmark_group(workload.name());
        let operations = workload.least();
        group.throughput(Throughput::Elements(operations));
        for contender in HERE.iter().filter(|contender| (contender.run)(workload, 1).is_some()) {
            group.bench_function(BenchmarkId::from_parameter(contender.name), |bencher| {
                bencher.iter_custom(|count| {
                    (0..count).filter_map(|_| (contender.run)(workload, operations)).sum()
                });
            });
        }
        group.finish();
    }
    criterion.final_summary();
}
