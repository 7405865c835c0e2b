//! The same steps as one transaction: all of them commit together, or none does.
//!
//! # The problem
//!
//! What a saga shows half done for a while, a two-phase commit does not: each service votes, keeps its locks, and does what
//! was decided. The price is paid when who decides dies. Then nobody may let go of anything, and whoever needs what is
//! locked waits. How long that is depends on what the coordinator has written down, on who asks whom, and on what else
//! is locked. So both sides are those that run in production ([`two_phase`](cascadia_patterns::two_phase)).
//!
//! # One transaction
//!
//! | | in | what happens |
//! |---|---|---|
//! | 1 | `models/src/saga/two_phase/place.rs` | a request comes, and has a transaction begun |
//! | 2 | `models/src/saga/two_phase/asking.rs` | each service that has a step is asked to prepare it |
//! | 3 | `models/src/script/branch.rs` | its endpoint works on it, locks what it enters and the row that is asked about, and votes |
//! | 4 | `models/src/saga/two_phase/hub.rs` | the decision is in the log of the coordinator, which answers the request |
//! | 5 | `models/src/saga/two_phase/desk.rs` | each is told, enters what it had staged and lets go; who is in doubt asks |
//!
//! Each row of a ledger is locked by what the request is about, so that those about different things do not meet. A
//! balance is looked at when a branch votes, and not again.
//!
//! What has ended well, and what no try and no message is left of, is forgotten by all (`models/src/saga/two_phase/kept.rs`).

mod asking;
mod build;
mod desk;
mod hub;
mod kept;
mod place;
mod plan;
mod reading;
mod suspect;

pub use self::build::TwoPhase;
pub(crate) use self::desk::BranchDesk;
pub use self::plan::{BranchStep, TwoPhasePlan};
