use cascadia_patterns::call::Reason;
use cascadia_patterns::observe::{BreakerState, Count, RetryDenied, Signal};

use crate::measure::LayerCounters;

/// How many retries of a call are told apart: each number is a series, and there may be 65,534.
const MOST: u16 = 32;

/// What a layer did, as far as it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Happened {
    /// It refused a call.
    Rejected(Reason),
    /// It stopped waiting for a call.
    TimedOut,
    /// It tried a call again; the first retry is number 1, and from the 32nd on all are one.
    Retried(u16),
    /// It would have tried again but was not allowed to.
    Denied(RetryDenied),
    /// Its circuit opened.
    Opened,
    /// Something else that is worth counting.
    Counted(Count),
}

impl Happened {
    /// What `signal` says that happened, if it does.
    pub(super) fn of(signal: &Signal<'_>) -> Option<Self> {
        match *signal {
            Signal::Rejected(rejection) => Some(Self::Rejected(rejection.reason)),
            Signal::TimedOut => Some(Self::TimedOut),
            Signal::Retrying { attempt, .. } => Some(Self::Retried(attempt.min(MOST))),
            Signal::RetryDenied { reason, .. } => Some(Self::Denied(reason)),
            Signal::Breaker { to: BreakerState::Open, .. } => Some(Self::Opened),
            Signal::Count(count) => Some(Self::Counted(count)),
            _ => None,
        }
    }
}

impl LayerCounters {
    pub(super) fn add(&mut self, what: Happened, count: u64) {
        match what {
            Happened::Rejected(_) => self.rejected += count,
            Happened::TimedOut => self.timed_out += count,
            Happened::Retried(_) => self.retried += count,
            Happened::Denied(_) => self.denied += count,
            Happened::Opened | Happened::Counted(_) => {}
        }
    }
}

/// How often something happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HappenedOften {
    /// What.
    pub what: Happened,
    /// In all.
    pub total: u64,
    /// In each window.
    pub series: Vec<u64>,
}

/// Counts something by window; windows in which it did not happen take no room.
#[derive(Clone, Debug)]
pub(super) struct WindowedCount {
    pub(super) what: Happened,
    /// From the beginning.
    pub(super) ever: u64,
    windows: Vec<(u32, u64)>,
}

impl WindowedCount {
    pub(super) fn new(what: Happened) -> Self {
        Self { what, ever: 0, windows: Vec::new() }
    }

    /// Before the warm-up is over there is no window.
    pub(super) fn count(&mut self, window: Option<u32>) {
        self.ever += 1;
        let Some(window) = window else { return };
        match self.windows.last_mut() {
            Some((last, count)) if *last == window => *count += 1,
            _ => self.windows.push((window, 1)),
        }
    }

    /// The counts of the first `windows` windows. What happened at the end of the last belongs to it.
    pub(super) fn measured(&self, windows: usize) -> HappenedOften {
        let mut series = vec![0; windows];
        for (window, count) in &self.windows {
            let window = (*window as usize).min(windows.saturating_sub(1));
            if let Some(place) = series.get_mut(window) {
                *place += *count;
            }
        }
        HappenedOften { what: self.what, total: series.iter().sum(), series }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_are_told_apart_by_their_number_up_to_a_bound() {
        let of = |attempt| {
            Happened::of(&Signal::Retrying { attempt, delay: std::time::Duration::ZERO }).unwrap()
        };
        let mut kinds: Vec<Happened> = (1..=u16::MAX).map(of).collect();
        assert_eq!(kinds[..2], [Happened::Retried(1), Happened::Retried(2)]);
        kinds.dedup();
        assert_eq!(kinds.len(), usize::from(MOST));
    }
}
