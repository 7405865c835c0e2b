//! The table: one line a workload.

use std::path::PathBuf;
use std::process::Command;

use crate::process::{Figure, ask};
use crate::workload::Workload;

/// Whether somebody counts as a peer in a row.
type Counts = fn(Workload) -> bool;

/// Who is in the table, and in which rows it counts as a peer.
const COLUMNS: [(&str, Counts); 7] = [
    ("cascadia", |_| false),
    ("heap", |_| false),
    ("madsim", |_| true),
    ("nexosim", |_| true),
    ("bach", |_| true),
    ("tokio", is_fair_to_a_coarse_clock),
    ("turmoil", is_fair_to_a_coarse_clock),
];

/// Clocks of 1 ms merge sleeps, and so do less.
fn is_fair_to_a_coarse_clock(workload: Workload) -> bool {
    !matches!(workload, Workload::Sleep1k | Workload::Sleep100k)
}

const RUNS: usize = 5;

/// Measures everybody and prints what came of it.
#[expect(clippy::print_stdout, reason = "it is what the command is for")]
pub(crate) fn print() {
    let here = std::env::current_exe().expect("this program has a place");
    let madsim = build_madsim();
    let mut rates = vec![vec![Vec::new(); COLUMNS.len()]; Workload::ALL.len()];
    for run in 1..=RUNS {
        eprint_line(&format!("run {run} of {RUNS}"));
        for (workload, row) in Workload::ALL.into_iter().zip(&mut rates) {
            for ((name, _), cell) in COLUMNS.into_iter().zip(row) {
                let program = if name == "madsim" { &madsim } else { &here };
                cell.extend(ask(program, name, workload, 0).map(|figure| figure.rate));
            }
        }
    }
    println!(
        "\nmillions of operations a second, medians of {RUNS} runs; ratios of ours to the best"
    );
    println!("peer that counts, and to the heap of the standard library without tasks\n");
    let names: String = COLUMNS.iter().map(|(name, _)| format!("{name:>9}")).collect();
    println!("{:32}{names}{:>9}{:>9}", "", "ratio", "of heap");
    for (workload, row) in Workload::ALL.into_iter().zip(rates) {
        println!("{}", line(workload, &row.into_iter().map(median).collect::<Vec<_>>()));
    }
    let size = |count| ask(&here, "cascadia", Workload::TimeoutOne, count).map(peak);
    if let (Some(few), Some(many)) = (size(100_000), size(10_000_000)) {
        println!("\npeak resident size after 100 thousand calls with a timeout {few:.0} KiB,");
        println!("after 10 million {many:.0} KiB");
    }
}

fn peak(figure: Figure) -> f64 {
    figure.peak
}

#[expect(clippy::print_stderr, reason = "progress")]
fn eprint_line(line: &str) {
    eprintln!("{line}");
}

fn line(workload: Workload, rates: &[Option<f64>]) -> String {
    let cells: String = rates.iter().map(|rate| cell(rate.map(|rate| rate / 1e6), 2)).collect();
    let peers = COLUMNS.iter().zip(rates).filter(|((_, counts), _)| counts(workload));
    let best = peers.filter_map(|(_, rate)| *rate).reduce(f64::max);
    let ratio = |other: Option<f64>| Some(rates[0]? / other?);
    format!("{:32}{cells}{}{}", workload.name(), cell(ratio(best), 1), cell(ratio(rates[1]), 2))
}

fn cell(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(|| format!("{:>9}", "-"), |value| format!("{value:>9.digits$}"))
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// Builds this bench with `--cfg madsim`, in a folder of its own; where it is.
fn build_madsim() -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(env!("CARGO_MANIFEST_DIR")).env_remove("RUSTFLAGS").args([
        "bench",
        "--no-run",
        "--bench=peers",
        "--config=build.rustflags=['--cfg', 'madsim']",
        "--target-dir=target/madsim",
        "--message-format=json",
    ]);
    let output = command.stderr(std::process::Stdio::inherit()).output().expect("cargo runs");
    assert!(output.status.success(), "the bench is built with --cfg madsim");
    let text = String::from_utf8(output.stdout).expect("text");
    let messages = text.lines().filter_map(|line| serde_json::from_str(line).ok());
    let built = |message: serde_json::Value| {
        let is_bench = message["target"]["name"] == "peers";
        message["executable"].as_str().filter(|_| is_bench).map(PathBuf::from)
    };
    messages.filter_map(built).next_back().expect("cargo says what it built")
}
