//! One measurement in a process of its own, so that nobody inherits another's memory.

use std::path::Path;
use std::process::Command;

use crate::HERE;
use crate::workload::Workload;

/// What a measurement gives.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figure {
    /// Operations a second.
    pub(crate) rate: f64,
    /// Peak resident size in KiB.
    pub(crate) peak: f64,
}

/// How long a measurement goes on at least, in seconds.
const LEAST: f64 = 0.5;

/// Measures on behalf of [`ask`]; of no operations at all, as many as it takes to be exact.
#[expect(clippy::print_stdout, reason = "it is what the parent reads")]
pub(crate) fn answer(name: &str, workload: &str, operations: &str) {
    let contender = HERE.iter().find(|contender| contender.name == name).expect("a contender");
    let workload = Workload::find(workload);
    let mut count: u64 = operations.parse().expect("a number");
    let fixed = count > 0;
    count = count.max(workload.least());
    loop {
        let Some(took) = (contender.run)(workload, count) else { return println!("none") };
        let seconds = took.as_secs_f64();
        if fixed || seconds >= LEAST {
            let done = workload.each(count) * workload.tasks();
            return println!("{} {}", done as f64 / seconds, peak());
        }
        count *= if seconds < LEAST / 20.0 { 8 } else { 2 };
    }
}

/// Asks a fresh process.
pub(crate) fn ask(program: &Path, name: &str, workload: Workload, count: u64) -> Option<Figure> {
    let mut command = Command::new(program);
    command.args(["--one", name, workload.name(), &count.to_string()]);
    let output = command.output().expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("text");
    let (rate, peak) = text.trim().split_once(' ')?;
    Some(Figure { rate: rate.parse().ok()?, peak: peak.parse().ok()? })
}

/// The peak resident size of this process in KiB; zero where the system does not say.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0.0)
}
