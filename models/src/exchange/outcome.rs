use cascadia_patterns::call::{Failure, Kind};

use super::answer::{Answer, ServiceError};

/// Why a request failed, as its user sees it. The first cause travels up unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// A service answered with an error.
    Failed,
    /// Somebody stopped waiting.
    Timeout,
    /// A queue, a bulkhead or a deadline check refused.
    Rejected,
    /// An open circuit breaker refused.
    ShortCircuit,
}

impl Cause {
    /// The name of ending so, in checks and results.
    pub const fn name(self) -> &'static str {
        Ended::Failed(self).name()
    }

    pub(crate) fn of(failure: &Failure<ServiceError>) -> Self {
        match ServiceError::kind_of(failure) {
            Kind::Timeout => Self::Timeout,
            Kind::Rejected => Self::Rejected,
            Kind::ShortCircuit => Self::ShortCircuit,
            _ => Self::Failed,
        }
    }
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ended {
    /// Answered with success.
    Ok,
    /// Not answered with success.
    Failed(Cause),
    /// The run ended first.
    Unfinished,
}

/// Every way to end, its name and what it means; results have the same names.
const ROWS: [(Ended, &str, &str); 6] = [
    (Ended::Ok, "ok", "Requests answered with success."),
    (Ended::Failed(Cause::Failed), "failed", "Requests that a service answered with an error."),
    (
        Ended::Failed(Cause::Timeout),
        "timeout",
        "Requests for which somebody on the way stopped waiting.",
    ),
    (
        Ended::Failed(Cause::Rejected),
        "rejected",
        "Requests refused by a full queue, a bulkhead, a limit, a shedder, a throttle, an ejection \
         or a deadline check.",
    ),
    (
        Ended::Failed(Cause::ShortCircuit),
        "short_circuit",
        "Requests refused by an open circuit breaker.",
    ),
    (Ended::Unfinished, "unfinished", "Requests that the end of the run cut off."),
];

/// Requests by how they ended, in the order of [`Ended::ALL`].
pub type Outcomes = [u64; ROWS.len()];

impl Ended {
    /// Every way to end, in the order of display.
    pub const ALL: [Self; ROWS.len()] = {
        let mut all = [Self::Ok; ROWS.len()];
        let mut at = 0;
        while at < all.len() {
            all[at] = ROWS[at].0;
            at += 1;
        }
        all
    };

    /// The position in [`Self::ALL`].
    pub const fn index(self) -> usize {
        match self {
            Self::Ok => 0,
            Self::Failed(cause) => 1 + cause as usize,
            Self::Unfinished => ROWS.len() - 1,
        }
    }

    /// The name in checks and results.
    pub const fn name(self) -> &'static str {
        ROWS[self.index()].1
    }

    /// What it means.
    pub const fn help(self) -> &'static str {
        ROWS[self.index()].2
    }

    /// What kind of answer it is, if somebody answered and said that.
    pub(crate) fn answered(answer: &Answer) -> Option<Kind> {
        match answer {
            Ok(content) => content.kind,
            Err(failure) => {
                (Cause::of(failure) == Cause::Failed).then(|| ServiceError::kind_of(failure))
            }
        }
    }

    pub(crate) fn of(answer: &Answer) -> Self {
        match answer {
            Ok(_) => Self::Ok,
            Err(failure) => Self::Failed(Cause::of(failure)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_end_stands_in_its_place() {
        for (at, ended) in Ended::ALL.into_iter().enumerate() {
            assert_eq!(ended.index(), at, "{ended:?}");
        }
    }
}
