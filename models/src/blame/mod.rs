//! Why requests fail: who refused or stopped waiting, and how far the work had come.
//!
//! # The problem
//!
//! A user is told "rejected" whether the queue of a database five calls away was full or a circuit
//! next to them was open. What is to be done about it is not the same. So a failure has a [`Blame`],
//! its first cause, which is found where it comes about and travels up in the errors of those who were
//! let down by it. Nothing that decides anything looks at it, and a request that succeeds costs
//! nothing but the note of where it is.

mod book;
mod trail;

pub(crate) use self::book::{BlameId, Book};
pub(crate) use self::trail::{News, Trail};

use cascadia_patterns::call::{Failure, Kind, Layer, Origin, Reason};

use crate::ids::ServiceId;

/// The first cause of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blame {
    /// The service that called, or none where users did.
    pub caller: Option<ServiceId>,
    /// Who was called.
    pub callee: ServiceId,
    /// What became of the call.
    pub why: Why,
}

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// A layer of the caller refused it, and it was not sent.
    RefusedHere(Layer, Reason),
    /// The callee refused it: a layer before its queue, or the queue.
    RefusedThere(Layer, Reason),
    /// A layer of the caller stopped waiting, when the last call that was given up had come so far. None
    /// had been sent where that is not said.
    GaveUp(Layer, Option<Stage>),
    /// A layer of the callee stopped waiting.
    GaveUpThere(Layer),
    /// The callee answered with an error.
    Answered(Kind),
    /// The callee, a broker, did not confirm what the caller published.
    Unconfirmed,
}

/// How far a call has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It has not arrived, and may never.
    Sent,
    /// Who was called has gone.
    Down,
    /// It waits for a worker.
    Waiting,
    /// It is worked on.
    Working,
    /// Whoever works on it waits for somebody else.
    Calling(ServiceId),
    /// The answer is on its way, or lost.
    Answered,
}

impl Blame {
    /// Why a call failed, by what was heard of it last. One that was asked in place of the callee is
    /// known by what was heard.
    pub(crate) fn of<E>(
        failure: &Failure<E>,
        kind: impl FnOnce(&E) -> Kind,
        (caller, callee): (Option<ServiceId>, ServiceId),
        news: Option<News>,
    ) -> Self {
        let (callee, why) = match failure {
            Failure::Service(error) => (callee, Why::Answered(kind(error))),
            Failure::Rejected(rejection) if rejection.origin() == Origin::Local => {
                (callee, Why::RefusedHere(rejection.by, rejection.reason))
            }
            Failure::Rejected(rejection) => match news {
                Some(News::Refused(by)) => (by, Why::RefusedThere(rejection.by, rejection.reason)),
                _ => (callee, Why::RefusedThere(rejection.by, rejection.reason)),
            },
            Failure::TimedOut(by) => match news {
                Some(News::GaveUp(who)) => (who, Why::GaveUpThere(*by)),
                Some(News::Left(who, stage)) => (who, Why::GaveUp(*by, Some(stage))),
                _ => (callee, Why::GaveUp(*by, None)),
            },
        };
        Self { caller, callee, why }
    }
}
