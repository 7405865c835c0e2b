//! Several services commit one transaction, or none of them does.
//!
//! # The problem
//!
//! An order takes stock at one service and money at another. If both commit by themselves, one may and the other may not. In
//! a *two-phase commit* each first says that it will do as it is told, whatever happens to it, and keeps its locks; then
//! somebody decides, and tells all.
//!
//! ```text
//!  coordinator ── prepare ──▶ inventory: locks, writes down what it would write ──▶ yes
//!              ── prepare ──▶ payment ──────────────────────────────────────────▶ yes
//!  writes down that it commits: that is the decision
//!              ── commit ───▶ inventory: writes, lets go ──▶ done
//!              ── commit ───▶ payment ─────────────────────▶ done      forgotten, when all are
//! ```
//!
//! Who has said yes cannot do anything until it is told. If the coordinator dies between the votes and the telling, it is
//! *in doubt*, and its locks stay, and whoever needs what is locked waits: for as long as the coordinator is
//! away. No participant can help another, as none knows what was decided. That is what a [`saga`](crate::saga) does
//! without, and pays for with what others see half done.
//!
//! | part | is |
//! |---|---|
//! | [`Coordinator`] | what to ask whom next, without a clock, a network or a disk |
//! | [`Coordinating`] | has transactions decided over a [`Store`](crate::store::Store), and tells all of it after a restart |
//! | [`Branches`] | the side where the work is: what is prepared, with its locks, beside the data |
//! | [`Inquiring`] | asks for those that are in doubt |
//!
//! # Presumed abort
//!
//! Only what commits is written down before anybody is told of it. Of what the coordinator finds nothing, it *presumes* that it was
//! aborted, so an abort costs no write and wants no answer: who has not heard of it asks ([`Coordinating::decided`]). A
//! commit is remembered until all have done it, after which nobody can ask any more.
//!
//! # What is promised
//!
//! | always | because |
//! |---|---|
//! | all commit, or none does | there is one decision, one row in one store |
//! | who was told of a commit finds it done, sooner or later | it was written down before, and is told until all have done it |
//! | of two coordinators of one name, the later one decides | a decision asks whose life it is |
//! | what is started twice under one name commits once | the decision asks that no other one of the name is there |
//! | a branch that has voted yes can commit after a crash | what it would write is in its store, with its locks |
//! | a late *prepare* locks nothing for good | who is in doubt asks, and is told that it was aborted |
//!
//! What is not promised is that it ends while somebody is away. One that runs into locks tries again until its votes are late, so
//! two that wait for each other end in an abort.
//!
//! | others | the same | differ |
//! |---|---|---|
//! | XA, JTA (Narayana, Atomikos) | presumed abort, a log of those that commit, `recover` | branches may decide for themselves (heuristic outcomes), and then differ |
//! | Seata XA | a coordinator as a service with a log | the coordinator is one cluster for all; its branches are sessions of databases |
//! | PostgreSQL `PREPARE TRANSACTION` | prepared branches outlive a crash, with their locks | nobody asks for those in doubt but whoever looks at `pg_prepared_xacts` |
//!
//! References: Gray, *Notes on Data Base Operating Systems* (1978); Mohan, Lindsay and Obermarck, *Transaction
//! Management in the R\* Distributed Database Management System* (1986), for presumed abort; Gray and Lamport, *Consensus on
//! Transaction Commit* (2006), for why it blocks.

mod branches;
mod coordinator;
mod ids;
#[cfg(test)]
mod tests;
mod word;

pub use self::branches::{Begun, Branches, Inquiring, Work};
pub use self::coordinator::{Config, Coordinating, Coordinator, Ready, Seen, rows_of, seen};
pub use self::ids::TransactionId;
pub use self::word::{Ask, Decision, Participant, Reply, What};
