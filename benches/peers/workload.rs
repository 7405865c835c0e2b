//! What is measured.

use std::time::Duration;

/// How long so many operations of a workload take; `None` where it cannot be done.
pub(crate) type Run = fn(Workload, u64) -> Option<Duration>;

/// What is done. An operation is a sleep, a call, a round trip, a task or a timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Workload {
    /// A thousand tasks sleep for random times, on and on.
    Sleep1k,
    /// A hundred thousand do.
    Sleep100k,
    /// One task makes calls that take 1 ms, each with a timeout of 30 s.
    TimeoutOne,
    /// Ten thousand do.
    TimeoutMany,
    /// Two tasks send each other a message over channels with room for one.
    PingPong,
    /// A task spawns another and waits for its end.
    SpawnJoin,
    /// A thousand tasks arm ten timers each and cancel nine of them.
    Churn,
    /// 64 bytes there and back over a byte stream with a latency of 100 µs.
    Stream,
}

impl Workload {
    pub(crate) const ALL: [Self; 8] = [
        Self::Sleep1k,
        Self::Sleep100k,
        Self::TimeoutOne,
        Self::TimeoutMany,
        Self::PingPong,
        Self::SpawnJoin,
        Self::Churn,
        Self::Stream,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sleep1k => "sleep, 1 000 tasks",
            Self::Sleep100k => "sleep, 100 000 tasks",
            Self::TimeoutOne => "timeout cancelled, 1 task",
            Self::TimeoutMany => "timeout cancelled, 10 000 tasks",
            Self::PingPong => "ping-pong",
            Self::SpawnJoin => "spawn + join",
            Self::Churn => "timers, 90 % cancelled",
            Self::Stream => "stream round trip, 64 B",
        }
    }

    pub(crate) fn find(name: &str) -> Self {
        Self::ALL.into_iter().find(|workload| workload.name() == name).expect("a workload")
    }

    /// How many tasks take part.
    pub(crate) fn tasks(self) -> u64 {
        match self {
            Self::Sleep1k | Self::Churn => 1_000,
            Self::Sleep100k => 100_000,
            Self::TimeoutMany => 10_000,
            Self::TimeoutOne | Self::PingPong | Self::SpawnJoin | Self::Stream => 1,
        }
    }

    /// The fewest operations that say something.
    pub(crate) fn least(self) -> u64 {
        (self.tasks() * 10).max(20_000)
    }

    /// Operations that each task does of `all`.
    pub(crate) fn each(self, all: u64) -> u64 {
        (all / self.tasks()).max(1)
    }
}

/// The times that a task sleeps for: from 1 ms to 1 s, so that a clock of 1 ms can take part.
#[derive(serde::Serialize, serde::Deserialize)]
pub(crate) struct Times(u64);

impl Times {
    pub(crate) fn of_task(number: u64) -> Self {
        Self((number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    pub(crate) fn next(&mut self) -> Duration {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        Duration::from_nanos(1_000_000 + (self.0 >> 11) % 999_000_000)
    }
}

/// How long a call takes, and how long it may take.
pub(crate) const WORK: Duration = Duration::from_millis(1);
pub(crate) const LIMIT: Duration = Duration::from_secs(30);
/// Timers that are armed together; all but one are cancelled.
pub(crate) const ARMED: usize = 10;
