use cascadia_patterns::messaging::partition::Entry;

use crate::broker::epochs::Epochs;

/// A follower asks who leads a partition for what it lacks, and says so how far it is.
#[derive(Clone, Debug)]
pub(in crate::broker) struct Fetch {
    /// The partition, by the position of its topic and its number.
    pub(in crate::broker) of: (usize, u32),
    /// In which epoch it follows.
    pub(in crate::broker) epoch: u64,
    /// Which place it is, and in which of its lives.
    pub(in crate::broker) from: (usize, u64),
    /// Which of its questions in this epoch.
    pub(in crate::broker) number: u64,
    /// It has all before this.
    pub(in crate::broker) next: u64,
    /// The epoch of the last that it has.
    pub(in crate::broker) last: u64,
}

/// The answer.
#[derive(Clone, Debug)]
pub(in crate::broker) struct Fetched {
    pub(in crate::broker) of: (usize, u32),
    pub(in crate::broker) epoch: u64,
    /// Of which question.
    pub(in crate::broker) number: u64,
    pub(in crate::broker) found: Found,
}

#[derive(Clone, Debug)]
pub(in crate::broker) enum Found {
    /// The logs are not the same up to there: of the epochs up to this, who leads has the entries up to this.
    Parted { epoch: u64, end: u64 },
    /// They are, and this follows.
    Entries {
        entries: Vec<Entry>,
        /// The epochs of who leads.
        epochs: Epochs,
        watermark: u64,
        /// What is needed no more.
        forgotten: Vec<u64>,
    },
}
