use std::fmt;
use std::sync::Arc;

/// Who a member is, for as long as the log exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberId(pub u64);

impl fmt::Display for MemberId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "member {}", self.0)
    }
}

/// A place in the log, with what stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Of the leader that appended it. Index and term name an entry: there is no other with both.
    pub term: u64,
    /// The first entry has 1.
    pub index: u64,
    /// What is to be done where it is applied.
    pub payload: Payload,
}

/// What an entry asks of the state machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload {
    /// Nothing: a leader begins its term with it.
    Noop,
    /// What somebody proposed.
    Command(Arc<[u8]>),
}

/// What a member must not forget, besides the entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hard {
    /// The latest term that the member has seen.
    pub term: u64,
    /// Whom it has voted for in that term.
    pub voted_for: Option<MemberId>,
}

/// All that a member finds on its disk when it starts; of a new one, the default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Saved {
    /// Its term and its vote.
    pub hard: Hard,
    /// Its log, from index 1 and without gaps.
    pub entries: Vec<Entry>,
}
