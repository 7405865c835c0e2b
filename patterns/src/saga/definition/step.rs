use std::sync::Arc;
use std::time::Duration;

use crate::messaging::Backoff;

/// What a step is to the saga.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It changes nothing, so there is nothing to undo.
    Reading,
    /// It can be undone.
    Compensatable,
    /// It decides: when it is done, the saga goes on to its end whatever happens.
    Pivot,
    /// It succeeds if it is tried often enough.
    Retriable,
}

/// How often something is attempted, and how long it rests in between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempts {
    /// How many attempts at most. It says nothing of what is retried for ever.
    pub most: u32,
    /// How long before the next one.
    pub backoff: Backoff,
}

/// A step of a saga.
///
/// | parameter | unit | default | from |
/// |---|---|---|---|
/// | `timeout` | time | 10 s | ours |
/// | `attempts` | | 3, resting 1 s, 2 s … 100 s | Temporal's intervals; its attempts have no bound |
/// | `undo_attempts` | | 10, resting the same | ours; Seata retries for ever |
/// | `lock_pause` | time | 100 ms | ours |
/// | `lock_wait` | time | 30 s | ours |
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its name, which is also what the participant knows it by.
    pub name: Arc<str>,
    /// Who does it.
    pub participant: Arc<str>,
    /// What it is to the saga.
    pub kind: Kind,
    /// The participant can take it back.
    pub undo: bool,
    /// The participant locks something for it, which is released when the saga completes.
    pub locks: bool,
    /// It is begun when a signal of this name has come.
    pub signal: Option<Arc<str>>,
    /// How long an answer may take.
    pub timeout: Duration,
    /// How often it is attempted. Retriable steps, and a pivot without an undo, are attempted for ever.
    pub attempts: Attempts,
    /// How often its undo is attempted before the saga is stuck.
    pub undo_attempts: Attempts,
    /// The kinds of faults after which it is not attempted again.
    pub finals: Vec<Arc<str>>,
    /// How long before it is asked again whether a lock is free.
    pub lock_pause: Duration,
    /// How long it waits for a lock before the saga goes back.
    pub lock_wait: Duration,
}

impl Attempts {
    /// So many, with rests from 1 s that double up to 100 s.
    pub const fn new(most: u32) -> Self {
        let (first, longest) = (Duration::from_secs(1), Duration::from_secs(100));
        Self { most, backoff: Backoff::Doubling { first, most: longest } }
    }
}

impl Step {
    /// A step of this kind. Of a compensatable one it is taken that it has an undo.
    pub fn new(kind: Kind, name: impl Into<Arc<str>>, participant: impl Into<Arc<str>>) -> Self {
        Self {
            name: name.into(),
            participant: participant.into(),
            kind,
            undo: kind == Kind::Compensatable,
            locks: false,
            signal: None,
            timeout: Duration::from_secs(10),
            attempts: Attempts::new(3),
            undo_attempts: Attempts::new(10),
            finals: Vec::new(),
            lock_pause: Duration::from_millis(100),
            lock_wait: Duration::from_secs(30),
        }
    }

    /// One that can be undone.
    pub fn compensatable(name: impl Into<Arc<str>>, participant: impl Into<Arc<str>>) -> Self {
        Self::new(Kind::Compensatable, name, participant)
    }

    /// One that changes nothing.
    pub fn reading(name: impl Into<Arc<str>>, participant: impl Into<Arc<str>>) -> Self {
        Self::new(Kind::Reading, name, participant)
    }

    /// The one that decides.
    pub fn pivot(name: impl Into<Arc<str>>, participant: impl Into<Arc<str>>) -> Self {
        Self::new(Kind::Pivot, name, participant)
    }

    /// One that is tried until it succeeds.
    pub fn retriable(name: impl Into<Arc<str>>, participant: impl Into<Arc<str>>) -> Self {
        Self::new(Kind::Retriable, name, participant)
    }

    /// The rest is that of a step whose answer is given up only when it is known: nobody could take it back.
    pub(in crate::saga) fn must_be_known(&self) -> bool {
        self.kind == Kind::Retriable || self.kind == Kind::Pivot && !self.undo
    }
}
