use std::io;
use std::task::{Context, Waker};

/// One end of a connection.
pub(super) struct End {
    pub(super) stage: Stage,
    /// What whoever holds the end learns of its failure.
    pub(super) failure: Option<io::ErrorKind>,
    pub(super) reader: Option<Waker>,
    pub(super) writer: Option<Waker>,
}

/// What a host knows of its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Nothing: not yet, or no longer. Whatever arrives but a wish to connect is answered with a
    /// reset.
    Absent,
    /// The handshake is under way.
    Opening,
    /// Somebody holds it, or may accept it.
    Open,
    /// Nobody holds it, and the host sends what is left.
    Closed,
}

impl End {
    pub(super) const fn new() -> Self {
        Self { stage: Stage::Absent, failure: None, reader: None, writer: None }
    }

    /// Whether somebody waits until more can be written.
    pub(super) fn waits_to_write(&self) -> bool {
        self.stage == Stage::Open && self.writer.is_some()
    }
}

/// Remembers who waits.
pub(super) fn remember(place: &mut Option<Waker>, context: &Context<'_>) {
    match place {
        Some(held) => held.clone_from(context.waker()),
        empty => *empty = Some(context.waker().clone()),
    }
}
