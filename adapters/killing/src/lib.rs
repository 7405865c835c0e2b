//! A test of a binary as a process of its own, which is killed by another one.
//!
//! What a process promises of what outlives it is only known when it is killed, at a moment that it does not choose and without
//! a chance to clean up: `SIGKILL`. The victim is an ignored test of the same binary; it [tells](tell) what it has
//! acknowledged, line by line, and what it has told is what has to be there afterwards.

pub mod duplicates;
pub mod saga;
pub mod unpaid;

use std::io::{BufRead, BufReader, Write, stdout};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use cascadia_runtime::Stream;

/// What a line begins with that is not of the test harness.
const TOLD: &str = "told ";

/// A process that is to be killed.
#[derive(Debug)]
pub struct Victim {
    child: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
    told: Vec<String>,
}

impl Victim {
    /// Starts a test that is ignored, such as `killed::child`, with more in its environment.
    pub fn start(test: &str, environment: &[(&str, &str)]) -> Self {
        let mut command = Command::new(std::env::current_exe().expect("it runs"));
        command.args([test, "--exact", "--ignored", "--nocapture"]);
        command.envs(environment.iter().copied()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("it can be run again");
        let lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        Self { child, lines, told: Vec::new() }
    }

    /// Kills it when it has lived for a moment, at most so long: some as they begin, most while they work. What it has
    /// told.
    pub fn live(mut self, draws: &mut Stream, most: Duration) -> Vec<String> {
        if draws.below(4) > 0 {
            self.wait();
        }
        self.kill(Duration::from_micros(draws.below(most.as_micros() as u64)))
    }

    /// Kills it when it has told something. What that was.
    ///
    /// # Panics
    ///
    /// When it ends and has told nothing.
    pub fn hear(mut self) -> String {
        self.wait();
        self.kill(Duration::ZERO).swap_remove(0)
    }

    /// Waits until it tells something.
    fn wait(&mut self) {
        let line = self.lines.by_ref().map_while(Result::ok).find(|line| line.starts_with(TOLD));
        self.told.push(line.expect("it has begun to work"));
    }

    /// Kills it after a moment. What it has told.
    ///
    /// # Panics
    ///
    /// When it is not there to be killed.
    #[expect(clippy::disallowed_methods, reason = "a process of its own is killed in real time")]
    pub fn kill(mut self, after: Duration) -> Vec<String> {
        std::thread::sleep(after);
        self.child.kill().expect("it is there");
        self.child.wait().expect("it is there");
        self.told.extend(self.lines.map_while(Result::ok));
        let told = self.told.iter().filter_map(|line| line.strip_prefix(TOLD));
        told.map(str::to_owned).collect()
    }
}

/// Tells something, as the victim.
pub fn tell(what: impl std::fmt::Display) {
    stdout().write_all(format!("{TOLD}{what}\n").as_bytes()).expect("somebody listens");
}

/// What the victim is told in its environment.
#[expect(clippy::disallowed_methods, reason = "a process of its own is told what to do")]
fn told(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
