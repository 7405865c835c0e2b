use crate::raft::{MemberId, Message, Persist, Raft, Ready, Saved};

/// What stands between a member and its surroundings. An honest one does nothing; a planted fault
/// is one that does something.
pub(crate) trait Between {
    fn on_start(&mut self, _saved: &Saved) {}

    fn on_message(&mut self, _raft: &Raft, _from: MemberId, _message: &mut Message) {}

    fn on_ready(&mut self, _raft: &Raft, _ready: &mut Ready) {}

    fn on_write(&mut self, _persist: &mut Persist) {}

    /// Says that all is on disk before it is.
    fn lies_about_writes(&self) -> bool {
        false
    }

    /// Answers reads without asking whether the member still leads.
    fn reads_alone(&self) -> bool {
        false
    }
}

pub(crate) struct Honest;

impl Between for Honest {}
