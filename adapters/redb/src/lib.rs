//! A [`Store`](cascadia_patterns::store::Store) on [redb](https://docs.rs/redb), in a file of any
//! [`Disk`](cascadia_runtime::Disk).
//!
//! A store that is tested on the file system of the machine that tests it meets no crash, no full disk and no
//! torn write. Here the pages of redb go to the disk of the seam, so the same code runs on real files and on
//! one that loses what was not synced, at each write, on thousands of seeds.
//!
//! - *Blocking work goes where it may block* ([`Runtime::blocking`](cascadia_runtime::Runtime::blocking)).
//! - *A commit syncs twice* ([`RedbConfig::two_phase`]), or a page that is spoilt could take an acknowledged
//!   commit back in silence.
//! - *One sync serves all that wait for one.* What is committed while the disk syncs is committed together
//!   afterwards: with one client it is a sync each, with hundreds it is a hundredth of one. Nobody waits
//!   for company.
//! - *Readers see what is durable.* A state is shown when its sync has returned, not when redb has it.
//! - *Dropped is crashed.* [`RedbStore::close`] leaves a file that opens at once. Otherwise the
//!   next one to open it repairs it.
//! - *A file is read through when it is opened*, and its sums are compared: redb trusts a file that was closed, and
//!   may panic later over one that is spoilt. Rows and changes have sums of their own, compared when they
//!   are read. A panic inside redb is [`Corrupt`](cascadia_patterns::store::StoreError::Corrupt).
//!
//! What follows an error:
//!
//! | while | answer |
//! |---|---|
//! | reading | `Unavailable`, `Corrupt`; the file is opened anew |
//! | writing pages, before the header | `Full`, `Unavailable`, `Corrupt`: nothing has happened |
//! | writing the header and syncing it | the file is opened anew: where the commit is not in it, as above; where it is, or where that cannot be read, `Unknown` |
//!
//! What that costs, in one run on a disk that does 179 writes of 4 KiB a second, each synced:
//!
//! | clients | commits of a sync | `two_phase` | commits a second |
//! |---|---|---|---|
//! | 1 | 1 | on | 63 |
//! | 1 | 1 | off | 90 |
//! | 64 | 1 | on | 85 |
//! | 64 | as many as wait | on | 1,174 |
//! | 64 | as many as wait | off | 1,557 |
//! | 512 | as many as wait, up to 256 | on | 4,352 |
//!
//! `adapters/redb/tests/rates.rs` measures it. One process has a file at a time; the disk has to see to that.

mod apply;
mod backend;
mod config;
mod engine;
mod error;
mod format;
mod queue;
mod snapshot;
mod store;
mod tables;
mod world;

pub use self::config::RedbConfig;
pub use self::store::RedbStore;
