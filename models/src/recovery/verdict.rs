use cascadia_runtime::Time;

use crate::ids::{LoadId, ServiceId};

/// What became of a load after a fault that ended within the run.
#[derive(Clone, Debug, PartialEq)]
pub struct Recovery {
    /// The fault, by its place in the plan.
    pub fault: usize,
    /// The first to begin of those that overlap with it, one with the next; itself where none does.
    pub since: usize,
    /// The load.
    pub load: LoadId,
    /// How long it was watched.
    pub until: Time,
    /// What ended the watch.
    pub limit: Limit,
    /// What became of it.
    pub verdict: Verdict,
    /// The least share of the successes due that there was in any second since then; none
    /// where it was never measurably low.
    pub depth: Option<f64>,
    /// How many fewer successes came than were due, from the beginning of [`since`](Self::since) until it was back.
    pub lost: f64,
}

/// What ends a watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// The run.
    End,
    /// The next fault, by its place in the plan.
    Fault(usize),
    /// A load that begins or ends.
    Load(LoadId),
}

/// The verdict.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// Goodput and latency are back for good, so many nanoseconds after the end of the fault.
    Recovered {
        /// When goodput was.
        goodput: u64,
        /// When latency was.
        latency: u64,
    },
    /// They are not.
    NotRecovered {
        /// When goodput was, if it was.
        goodput: Option<u64>,
        /// When latency was, if it was.
        latency: Option<u64>,
        /// What keeps it so, though the fault is gone and the load is as before: it is metastable.
        sustained: Option<Overload>,
    },
    /// Too few requests came to tell.
    TooFew,
    /// The load is not the one from before the fault, by plan, so there is nothing to come back to.
    OtherLoad,
}

/// An overload that sustains itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Overload {
    /// Whose.
    pub service: ServiceId,
    /// The share of its work that is for callers that had gone.
    pub wasted: f64,
    /// The share of its work that goes into refusing.
    pub refusing: f64,
    /// How many requests wait there.
    pub waiting: f64,
    /// Attempts for each request, before the first fault and now.
    pub attempts: (f64, f64),
    /// There are more of them because of retries.
    pub retries: bool,
    /// There are more of them because of copies.
    pub copies: bool,
}

impl Verdict {
    /// How many nanoseconds after the end of the fault all is back, if it is.
    pub fn back(&self) -> Option<u64> {
        match *self {
            Self::Recovered { goodput, latency } => Some(goodput.max(latency)),
            _ => None,
        }
    }

    /// Whether it is down though nothing is wrong any more.
    pub const fn is_metastable(&self) -> bool {
        matches!(self, Self::NotRecovered { sustained: Some(_), .. })
    }
}
