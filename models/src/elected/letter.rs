use cascadia_patterns::raft::{MemberId, Message};

/// What one member of a log sends to another.
pub(super) struct Letter {
    pub(super) from: MemberId,
    pub(super) message: Message,
}
