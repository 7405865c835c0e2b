use std::ops::Range;

use super::history::History;

/// Goodput and latency are judged over this long, or longer where windows are longer or requests are
/// few.
const SMOOTH: u64 = 5_000_000_000;
/// The share of what is due that goodput must regain.
pub(super) const REGAINED: f64 = 0.95;

/// Whether and when something was back for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Back {
    /// So many nanoseconds after the fault's end.
    After(u64),
    /// It was not.
    Never,
    /// Too few requests came to tell.
    Unknown,
}

impl Back {
    pub(super) const fn after(self) -> Option<u64> {
        match self {
            Self::After(nanos) => Some(nanos),
            Self::Never | Self::Unknown => None,
        }
    }
}

/// Of goodput and of latency, whether and when in `windows` the averages are no longer low, counted
/// from `end`.
pub(super) fn back(history: &History, windows: Range<usize>, end: u64) -> (Back, Back) {
    let Range { start: from, end: to } = windows;
    let telling = history.telling(REGAINED, from);
    if history.has_stopped(from, to) {
        return (Back::Never, Back::Unknown);
    }
    if telling > to - from {
        return (Back::Unknown, Back::Unknown);
    }
    let block = history.windows(SMOOTH).min(to - from).max(telling);
    let last = |is_low: &dyn Fn(usize, usize) -> bool| {
        let low = (from..=to - block).rev().find(|start| is_low(*start, *start + block));
        match low {
            None => Back::After(0),
            Some(start) if start + block == to => Back::Never,
            Some(start) => Back::After(history.start(start + 1) - end),
        }
    };
    let goodput = last(&|from, to| history.is_below(REGAINED, from, to));
    let latency = match history.knows_slow {
        true => last(&|from, to| history.is_slow(from, to)),
        false => Back::Unknown,
    };
    (goodput, latency)
}
