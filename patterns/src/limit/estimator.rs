use std::fmt::Debug;
use std::time::Duration;

use cascadia_runtime::{Stream, Time};

/// What a call that has ended tells of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sample {
    /// When it was admitted.
    pub(super) began: Time,
    /// How long it took.
    pub(super) rtt: Duration,
    /// Calls under way when it was admitted, itself among them.
    pub(super) in_flight: u32,
    /// How it ended.
    pub(super) answer: Answer,
}

/// A rule by which a limit moves.
pub(super) trait Estimator: Debug + Send {
    /// A call ended.
    fn on_sample(&mut self, now: Time, sample: &Sample, stream: &mut Stream);

    /// Time has passed. Only a rule that measures by the clock needs to know.
    fn on_time(&mut self, _now: Time, _stream: &mut Stream) {}

    /// Calls that may be under way.
    fn limit(&self) -> u32;
}

/// How a call ended, as far as a limit is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It was answered, and its latency is that of the server.
    Ok,
    /// Its answer was given up. The server takes at least that long.
    TimedOut,
    /// It was refused for overload. How fast that was says nothing about the work.
    Refused,
}
