use tokio::sync::mpsc::UnboundedSender;

use super::fault::Fault;
use super::job::Ended;
use crate::messaging::{BrokerError, Feed};

/// What a driver is told.
pub(super) enum Note {
    Handled(u64, Ended),
    Subscribed(Result<Box<dyn Feed>, BrokerError>),
    Pause,
    Resume,
    Drain,
    Stop,
}

/// Tells how a handler ended, also where it panicked or was aborted.
pub(super) struct Landing {
    number: u64,
    own: UnboundedSender<Note>,
    ended: Option<Ended>,
}

impl Landing {
    pub(super) const fn new(number: u64, own: UnboundedSender<Note>) -> Self {
        Self { number, own, ended: None }
    }

    pub(super) fn land(mut self, ended: Ended) {
        self.ended = Some(ended);
    }
}

impl Drop for Landing {
    fn drop(&mut self) {
        let panicked = || Err(Fault::again("the handler did not end"));
        let ended = self.ended.take().unwrap_or_else(panicked);
        let _ = self.own.send(Note::Handled(self.number, ended));
    }
}
