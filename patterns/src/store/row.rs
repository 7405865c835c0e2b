use std::fmt;

/// What a row is found by. Keys are ordered byte by byte.
pub type Key = Vec<u8>;

/// What a row holds.
pub type Value = Vec<u8>;

/// A state of the whole store: each commit that writes makes the next one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(u64);

impl Revision {
    /// That of a store to which nothing was ever written.
    pub const ZERO: Self = Self(0);

    /// The state after so many commits.
    pub const fn new(commits: u64) -> Self {
        Self(commits)
    }

    /// How many commits there have been.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The one that the next commit makes.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A row as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its key.
    pub key: Key,
    /// What it holds.
    pub value: Value,
    /// The commit that wrote it.
    pub revision: Revision,
}

/// How many rows there are in a range, and the newest commit that wrote one of them.
///
/// That is enough to see every change. A row that was added or written raises the newest revision, as
/// no commit has the revision of an earlier one. Where it is the same, all rows that are there were
/// there before, as they are; so the only change there can be is that some are gone, and then they
/// are fewer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// How many rows.
    pub rows: u64,
    /// The newest of their revisions, zero where there are none.
    pub newest: Revision,
}

impl Extent {
    /// That of rows of these revisions.
    pub fn of(revisions: impl IntoIterator<Item = Revision>) -> Self {
        let count = |extent: Self, revision| Self {
            rows: extent.rows + 1,
            newest: extent.newest.max(revision),
        };
        revisions.into_iter().fold(Self::default(), count)
    }
}
