//! The same in SimPy, where there is one: `benches/messages_simpy.py`.

use std::process::Command;
use std::time::Duration;

pub(crate) fn run(messages: u64) -> Option<Duration> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/messages_simpy.py");
    let output = Command::new("python3").args([script, &messages.to_string()]).output().ok()?;
    let seconds: f64 = String::from_utf8(output.stdout).ok()?.split(' ').next()?.parse().ok()?;
    Some(Duration::from_secs_f64(seconds))
}
