//! Keeps rows, so that what was acknowledged is there.
//!
//! A saga that forgets what it has done does it twice; an outbox that is written beside the order it belongs to,
//! and not with it, loses messages; a lease that two hold is none. All of them need a place that writes several rows or none, tells who came
//! second, and still has them after a crash. Each database has all that, under names and with exceptions of its own: what is
//! written against one of them is tested against that one, if at all, and hardly ever with its server
//! killed in the middle.
//!
//! [`Store`] is the little that they all can do and that is enough:
//!
//! - *rows by ordered keys*, read together as they were at one moment ([`Store::read`]), in pages;
//! - *a commit*, which happens whole or not at all, and only if its [`Condition`]s hold
//!   ([`Store::commit`]): compare-and-set, and the end of a [`Transaction`]. Several that are ready at the same time are
//!   made [one](Store::commit_all), which costs as much as one;
//! - *a revision* of the whole store for each commit, and of each row that of the commit that wrote it. It
//!   goes up by one, whatever crashes, so it can fence ([Kleppmann](https://martin.kleppmann.com/2016/02/08/how-to-do-distributed-locking.html));
//! - *the commits themselves*, in order and without a gap, for whoever follows them ([`Store::changes`], [`Watch`]).
//!
//! Nothing is locked and nothing waits for another transaction: who comes second is told so. No transaction
//! lives across an `await` of its user.
//!
//! # What is promised
//!
//! | store | settings | acknowledged commits survive | reads | order |
//! |---|---|---|---|---|
//! | [`MemoryStore`] | | nothing: they live as long as the process | of one state, the newest | strictly serialisable |
//! | `cascadia-redb` | a [`Disk`](cascadia_runtime::Disk) that keeps what it has synced | the death of the process and of the machine | of one state, the newest that is durable | strictly serialisable, for one process |
//! | `cascadia-redb` | `two_phase` off: half the syncs | the same; but where a disk has also spoilt a page of the last commit, that is taken back in silence | | |
//! | `cascadia-postgres` | `fsync`, `full_page_writes` on, as a server has them; `synchronous_commit` is set by the session | the death of the client, the server and its machine | of one state, the newest that is durable (`REPEATABLE READ`) | strictly serialisable, for all clients of the primary |
//! | `cascadia-postgres` | a standby that takes over, replicated asynchronously | nothing of what had not arrived there; revisions are then given twice | | |
//!
//! Strictly serialisable is said of commits with conditions, and so of transactions: they happen in the
//! order of their revisions, and one that began after another was acknowledged comes after it. A commit without
//! conditions overwrites.
//!
//! How a commit ends:
//!
//! | answer | has happened | what to do |
//! |---|---|---|
//! | a revision | yes, and is durable | |
//! | [`Conflict`](StoreError::Conflict), [`TooLarge`](StoreError::TooLarge), [`Full`](StoreError::Full), [`Unavailable`](StoreError::Unavailable), [`Corrupt`](StoreError::Corrupt) | no, and never will | read anew, or try later |
//! | [`Unknown`](StoreError::Unknown), or a future that was dropped | yes, no, or yet to happen; whole in any case | send it again under a key of its own |
//!
//! To read whether an unknown commit has happened is not enough, as it may be under way: the
//! connection is lost, the server is not. A commit that writes a row of its own and wants it
//! [`Absent`](Condition::Absent) can be sent again until it is acknowledged, or conflicts as it has
//! happened.
//!
//! Changes are kept for the last [`KEPT_CHANGES`] commits, or until [`Store::forget`]. Keys are of at
//! most [`MOST_KEY_BYTES`], commits of [`MOST_COMMIT_BYTES`], answers of [`MOST_ROWS`] rows.
//!
//! ```
//! use cascadia_patterns::store::{Commit, Condition, MemoryStore, Store, StoreError};
//!
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! let store = MemoryStore::new();
//! let take = |who| Commit::new().given(Condition::Absent("lease".into())).put("lease", who);
//! let fence = store.commit(take("ann")).await?;
//! assert_eq!(store.commit(take("bea")).await, Err(StoreError::Conflict));
//! assert_eq!(store.get("lease".into()).await?.unwrap().revision, fence);
//! # Ok::<(), StoreError>(())
//! # }).unwrap();
//! ```
//!
//! | others | a commit is | conditions | revisions | changes | differ |
//! |---|---|---|---|---|---|
//! | etcd `Txn` | compares, then operations of one of two branches | version, create and mod revision, value, lease, of a key or each of a range | of the whole store | `Watch` from a revision, until compacted | a compare of a range does not see a deletion in it; old revisions can be read; no commit of more than 128 operations |
//! | FoundationDB | writes, with the ranges that were read | read conflict ranges, by the state that they were read at | version stamps, with gaps | watches of single keys, which tell that, not what | conflicts with what was written, not with what is there; 5 s and 10 MB a transaction; `commit_unknown_result` |
//! | DynamoDB conditional writes | `TransactWriteItems` of up to 100 items | expressions over the attributes of one item | none; counters of the user | streams, for 24 h, in order for each key | no condition over a range; a token makes it idempotent for 10 min |
//!
//! Implementations pass one suite, under the feature `suite` (`patterns/src/store/suite`): cases, a comparison with a model, and
//! crashes.
//!
//! References: Kung and Robinson, *On Optimistic Methods for Concurrency Control* (1981); Berenson and others, *A
//! Critique of ANSI SQL Isolation Levels* (1995), for phantoms and write skew; [etcd API
//! guarantees](https://etcd.io/docs/v3.6/learning/api_guarantees/).

mod commit;
mod contract;
mod error;
mod memory;
mod query;
mod range;
mod row;
#[cfg(any(test, feature = "suite"))]
pub mod suite;
mod transaction;
mod watch;

pub use self::commit::{Change, Commit, Condition, Together, Writes};
pub use self::commit::{KEPT_CHANGES, MOST_CHANGES, MOST_COMMIT_BYTES, MOST_KEY_BYTES};
pub use self::contract::Store;
pub use self::error::StoreError;
pub use self::memory::MemoryStore;
pub use self::query::{Answer, MOST_ROWS, Page, Query, Read, View};
pub use self::range::{Bounds, Range};
pub use self::row::{Extent, Key, Revision, Row, Value};
pub use self::transaction::Transaction;
pub use self::watch::Watch;
