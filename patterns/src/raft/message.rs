use super::entry::{Entry, MemberId};

/// A message, and whom it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// Who shall have it.
    pub to: MemberId,
    /// What it shall have.
    pub message: Message,
}

/// What members say to each other. It may be lost, come twice, late and in any order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The term of the sender when it was written.
    pub term: u64,
    /// What it says.
    pub body: Body,
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// A candidate asks for a vote (`RequestVote`).
    RequestVote {
        /// What the voter compares with its own log.
        last: Last,
    },
    /// The answer to that.
    Vote {
        /// Whether the candidate has the vote for the term of the message.
        granted: bool,
        /// What the candidate had said of its log. It asks before its own vote is on disk, so that
        /// after a crash it may ask again in the same term, with another log: what was granted to
        /// the one does not count for the other.
        asked: Last,
    },
    /// A leader shows that it is there, and sends what a follower lacks (`AppendEntries`).
    Append(Append),
    /// The answer to that.
    Appended {
        /// Of the message that this answers.
        round: u64,
        /// What the follower made of it.
        outcome: Outcome,
    },
}

/// The end of a log. Of two logs the one with the greater end is more up to date (§5.4.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Last {
    /// The term of the last entry.
    pub term: u64,
    /// Its index.
    pub index: u64,
}

/// What a leader sends; without entries, a heartbeat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Append {
    /// The entry before the first that is sent.
    pub prev_index: u64,
    /// Its term.
    pub prev_term: u64,
    /// What follows it.
    pub entries: Vec<Entry>,
    /// What the leader knows to be committed.
    pub commit: u64,
    /// How many rounds of heartbeats the leader has begun. The answer brings it back, and so tells
    /// what it is younger than.
    pub round: u64,
}

/// What a follower made of an append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Its log is that of the leader up to here, and on its disk.
    Accepted {
        /// The last entry that is known to be the same.
        matched: u64,
    },
    /// It has another entry before those that came, or none.
    Refused {
        /// The entry that the leader took for granted.
        prev_index: u64,
        /// The term of the follower's entry there; 0 when its log is shorter.
        conflict_term: u64,
        /// The first entry of that term; when its log is shorter, the one after its last.
        conflict_index: u64,
    },
}
