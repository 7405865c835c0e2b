use std::collections::BTreeMap;

use super::error::StoreError;
use super::range::Range;
use super::row::{Extent, Key, Revision, Row, Value};

/// The longest key, in bytes. That is what an index of PostgreSQL can hold, with room to spare.
pub const MOST_KEY_BYTES: usize = 1 << 10;

/// The most that one commit writes, in bytes of keys and values.
pub const MOST_COMMIT_BYTES: usize = 4 << 20;

/// The most changes of one answer.
pub const MOST_CHANGES: usize = 256;

/// How many changes a store keeps where nothing else is said.
pub const KEPT_CHANGES: u64 = 100_000;

/// What is written, by key: a value, or nothing where a row is deleted.
pub type Writes = BTreeMap<Key, Option<Value>>;

/// What must hold for a commit to happen, or for a query to be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The row is there, and this commit wrote it.
    At(Key, Revision),
    /// There is no row.
    Absent(Key),
    /// The row is there, and holds this.
    Equals(Key, Value),
    /// The rows of a range are those that they were, and there is no other.
    Unchanged(Range, Extent),
}

impl Condition {
    /// That a row is still as it was read.
    pub fn same(key: &[u8], row: Option<&Row>) -> Self {
        match row {
            Some(row) => Self::At(key.to_vec(), row.revision),
            None => Self::Absent(key.to_vec()),
        }
    }

    /// Whether it holds of the row of its key. One of a range holds of no row.
    pub fn holds_of(&self, row: Option<(&[u8], Revision)>) -> bool {
        match self {
            Self::At(_, revision) => row.is_some_and(|(_, of)| of == *revision),
            Self::Absent(_) => row.is_none(),
            Self::Equals(_, value) => row.is_some_and(|(it, _)| it == value),
            Self::Unchanged(..) => false,
        }
    }
}

/// What is to be written: all of it if all conditions hold, or nothing.
///
/// ```
/// use cascadia_patterns::store::{Commit, Condition};
///
/// let rename = Commit::new()
///     .given(Condition::Equals(b"name/ann".to_vec(), b"7".to_vec()))
///     .given(Condition::Absent(b"name/bea".to_vec()))
///     .delete("name/ann")
///     .put("name/bea", "7");
/// assert!(rename.check().is_ok());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Commit {
    /// What must hold.
    pub given: Vec<Condition>,
    /// What is written.
    pub writes: Writes,
}

impl Commit {
    /// One that asks for nothing and writes nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only if this holds.
    #[must_use]
    pub fn given(mut self, condition: Condition) -> Self {
        self.given.push(condition);
        self
    }

    /// Writes a row. The last write of a key counts.
    #[must_use]
    pub fn put(mut self, key: impl Into<Key>, value: impl Into<Value>) -> Self {
        self.writes.insert(key.into(), Some(value.into()));
        self
    }

    /// Deletes a row. It is no error if there is none.
    #[must_use]
    pub fn delete(mut self, key: impl Into<Key>) -> Self {
        self.writes.insert(key.into(), None);
        self
    }

    /// Whether every store could take it.
    ///
    /// # Errors
    ///
    /// [`TooLarge`](StoreError::TooLarge).
    pub fn check(&self) -> Result<(), StoreError> {
        Self::check_all(std::slice::from_ref(self))
    }

    /// The same of several commits that are made one.
    pub(super) fn check_all(commits: &[Self]) -> Result<(), StoreError> {
        let mut bytes = 0;
        for (key, value) in commits.iter().flat_map(|commit| &commit.writes) {
            bytes += key.len() + value.as_ref().map_or(0, Vec::len);
            if key.len() > MOST_KEY_BYTES || bytes > MOST_COMMIT_BYTES {
                return Err(StoreError::TooLarge);
            }
        }
        Ok(())
    }

    /// One of several: all that they write, if all conditions of all of them hold.
    pub fn of(commits: &[Self]) -> Self {
        commits.iter().fold(Self::new(), |mut one, commit| {
            one.given.extend(commit.given.iter().cloned());
            one.writes.extend(commit.writes.clone());
            one
        })
    }
}

/// How several commits end that are to be made one; where they are not, they are given back.
pub type Together = Result<Revision, (StoreError, Vec<Commit>)>;

/// A commit that has happened, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The state that it made.
    pub revision: Revision,
    /// What it wrote.
    pub writes: Writes,
}
