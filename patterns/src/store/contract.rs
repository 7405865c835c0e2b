use std::fmt::Debug;

use super::commit::{Change, Commit, Together};
use super::error::StoreError;
use super::query::{Page, Query, View};
use super::range::Range;
use super::row::{Key, Revision, Row};
use crate::call::BoxFuture;

/// A store of ordered rows. What it promises is said in [its module](super).
///
/// A future does nothing before it is polled. One that is dropped is given up: a commit has then
/// happened or not, as after [`Unknown`](StoreError::Unknown).
pub trait Store: Debug + Send + Sync {
    /// Reads, all of one state: the newest that was acknowledged to anybody, or a later one.
    ///
    /// Fails with [`Conflict`](StoreError::Conflict) where a condition does not hold of that state.
    fn read(&self, query: Query) -> BoxFuture<Result<View, StoreError>>;

    /// Writes all if all conditions hold, or nothing, and answers when that is durable. The answer is
    /// the state that this made; where nothing was to be written, one in which the conditions held.
    fn commit(&self, commit: Commit) -> BoxFuture<Result<Revision, StoreError>>;

    /// Makes several commits one, so that they cost as much as one: all of them if all conditions of all hold, or none of
    /// them, which are then given back.
    fn commit_all(&self, commits: Vec<Commit>) -> BoxFuture<Together> {
        let made = self.commit(Commit::of(&commits));
        Box::pin(async move { made.await.map_err(|error| (error, commits)) })
    }

    /// The commits after a state, in their order and without a gap: at least one, for which it waits, and
    /// at most [`MOST_CHANGES`](super::MOST_CHANGES).
    ///
    /// Fails with [`Compacted`](StoreError::Compacted) where some of them are forgotten.
    fn changes(&self, after: Revision) -> BoxFuture<Result<Vec<Change>, StoreError>>;

    /// Lets go of the changes up to and with that of a state. Rows stay.
    fn forget(&self, through: Revision) -> BoxFuture<Result<(), StoreError>>;

    /// The row of a key.
    fn get(&self, key: Key) -> BoxFuture<Result<Option<Row>, StoreError>> {
        let view = self.read(Query::new().get(key));
        Box::pin(async move { Ok(view.await?.into_row()) })
    }

    /// The first rows of a range.
    fn range(&self, range: Range, limit: usize) -> BoxFuture<Result<Page, StoreError>> {
        let view = self.read(Query::new().range(range, limit));
        Box::pin(async move { Ok(view.await?.into_page()) })
    }

    /// The state it is in.
    fn revision(&self) -> BoxFuture<Result<Revision, StoreError>> {
        let view = self.read(Query::new());
        Box::pin(async move { Ok(view.await?.revision) })
    }
}
