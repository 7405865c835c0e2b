use std::time::Duration;

use tokio::time::Instant;

/// What something has cost.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// How long it took.
    pub time: Duration,
    /// How long this process was at work meanwhile, in all its threads.
    pub work: Duration,
}

/// Measures what something costs.
#[derive(Clone, Copy, Debug)]
pub struct Meter {
    begun: Instant,
    work: Duration,
}

impl Meter {
    /// Begins now.
    pub fn begin() -> Self {
        Self { begun: Instant::now(), work: work() }
    }

    /// What it has come to.
    ///
    /// # Panics
    ///
    /// When it has not begun.
    pub fn end(of: Option<Self>) -> Cost {
        let Self { begun, work: before } = of.expect("it has begun");
        Cost { time: begun.elapsed(), work: work().saturating_sub(before) }
    }
}

/// How Linux counts it, whatever its clock does.
const TICK: Duration = Duration::from_millis(10);

/// How long this process has been at work so far: the fields `utime` and `stime`.
fn work() -> Duration {
    let told = std::fs::read_to_string("/proc/self/stat").expect("Linux tells it");
    let (_, fields) = told.rsplit_once(')').expect("a name");
    let both = fields.split_whitespace().skip(11).take(2);
    TICK * both.map(|ticks| ticks.parse::<u32>().expect("a number")).sum::<u32>()
}
