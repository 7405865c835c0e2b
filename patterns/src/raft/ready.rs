use super::entry::{Entry, Hard, MemberId};
use super::message::Envelope;

/// What is to be done after an event.
///
/// The parts need not wait for each other, but for this: what is committed is applied before reads
/// are answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ready {
    /// To be written to disk, after all that came before it. When it cannot be lost any more,
    /// [`Raft::on_persisted`](super::Raft::on_persisted) is due.
    pub persist: Option<Persist>,
    /// To be sent. None of them says what the disk could still forget: those that do are kept back
    /// until it cannot.
    pub messages: Vec<Envelope>,
    /// To be applied, in this order. After a restart they begin with the first entry of the log.
    pub committed: Vec<Entry>,
    /// Reads that may be answered from the state machine, once `committed` is applied.
    pub reads: Vec<u64>,
    /// Reads that may not: the member is the leader no more.
    pub lost_reads: Vec<u64>,
    /// What the member is now, when that is something else than before.
    pub status: Option<Status>,
}

impl Ready {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What the disk must hold next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Persist {
    /// One more than the one before, from 1 at every start.
    pub number: u64,
    /// The term and the vote, when they have changed.
    pub hard: Option<Hard>,
    /// The first of the entries on disk that are no longer in the log.
    pub truncate_from: Option<u64>,
    /// Entries to be added at the end, after that.
    pub append: Vec<Entry>,
}

impl Persist {
    /// This and the one that follows it, as a single write that has the number of the second. While
    /// a disk is busy more may have to be written, and one sync does for all of it.
    #[must_use]
    pub fn then(mut self, next: Self) -> Self {
        if let Some(from) = next.truncate_from {
            self.append.retain(|entry| entry.index < from);
            self.truncate_from = Some(self.truncate_from.map_or(from, |first| first.min(from)));
        }
        self.append.extend(next.append);
        Self { number: next.number, hard: next.hard.or(self.hard), ..self }
    }
}

/// What a member does in its term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Takes entries from a leader and votes.
    Follower,
    /// Asks for votes.
    Candidate,
    /// Decides what the log is.
    Leader,
}

/// What a member is, and whom it follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// Its term.
    pub term: u64,
    /// What it does in it.
    pub role: Role,
    /// Who leads in that term, if it knows.
    pub leader: Option<MemberId>,
}

/// Where a command was put that may yet be committed.
///
/// When an entry with this index is applied, the command is done if it has this term also, and
/// never will be in this place if it has another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proposed {
    /// The term of the entry.
    pub term: u64,
    /// Its place.
    pub index: u64,
}

/// The member is not the leader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotLeader {
    /// Who may be, as far as it knows.
    pub leader: Option<MemberId>,
}

impl std::fmt::Display for NotLeader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.leader {
            Some(leader) => write!(f, "not the leader; {leader} may be"),
            None => f.write_str("not the leader, and none is known"),
        }
    }
}

impl std::error::Error for NotLeader {}
