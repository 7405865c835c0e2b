use cascadia_patterns::raft::{MemberId, Message};

/// What one member of a log sends to another.
#[derive(Clone)]
pub(super) struct Letter {
    pub(super) from: MemberId,
    pub(super) message: Message,
}
