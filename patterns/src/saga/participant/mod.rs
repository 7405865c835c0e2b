//! The side of a saga where its steps are done.
//!
//! A command comes twice, because its answer was lost. It comes late, after the saga has given it up and undone it. It comes
//! from an orchestrator that was paused, and does not know that another one has taken the saga over. Whoever simply does what
//! is asked charges twice, reserves for nobody, and undoes what was never done.
//!
//! So a participant keeps a [`Ledger`] of the commands it has heard of, in the store that its effects are in,
//! and in their transaction: both are there, or none.
//!
//! ```text
//!  command ─▶ of an earlier epoch? ── yes ─▶ fenced
//!     │ no
//!     ├─▶ known? ── yes ─▶ the same answer
//!     │ no
//!     ├─▶ to undo what was never done ─▶ a tombstone: it never will be
//!     └─▶ transaction: effect, note, epoch ─▶ commit ─▶ answer
//! ```
//!
//! | without | what happens |
//! |---|---|
//! | the note | a second attempt does it a second time |
//! | the tombstone | an undo overtakes its action, which is then done for good |
//! | the fence | an orchestrator that was paused does what was seen to meanwhile |
//! | the one transaction | a crash between effect and note leaves the one without the other |
//!
//! Notes, tombstones and fences are kept until somebody has them [forgotten](Ledger::forget): a saga may be stuck for months,
//! and a fence that is forgotten is none. Before the first epoch there is none, so only who takes over is written down.
//!
//! # Semantic locks
//!
//! Sagas are not isolated: others see what is half done. A step may [lock](Turn::lock) what it touches until its saga ends,
//! which is told by [`Direction::Release`](super::Direction::Release) or by the undo of the step. Who meets the lock fails,
//! waits, or stands in line ([`Contention`]). Two sagas that lock two things in different orders wait for each other until one of them
//! has waited [too long](super::definition::Step::lock_wait) and goes back.
//!
//! ```
//! # use std::sync::Arc;
//! use cascadia_patterns::saga::Direction;
//! use cascadia_patterns::saga::participant::{Ledger, Local, Turn};
//! use cascadia_patterns::store::Store;
//!
//! fn inventory(store: Arc<dyn Store>) -> Local {
//!     Local::new(Ledger::new("ledger/"), store, |mut turn: Turn| async move {
//!         let stock = turn.transaction.get("stock").await?.map_or(0, |row| row[0]);
//!         match turn.direction() {
//!             Direction::Do if stock == 0 => return Ok(turn.refuse("sold out", "")),
//!             Direction::Do => turn.transaction.put("stock", [stock - 1]),
//!             _ => turn.transaction.put("stock", [stock + 1]),
//!         }
//!         Ok(turn.done("one"))
//!     })
//! }
//! ```

mod contract;
mod kept;
mod ledger;
mod local;
mod rows;
mod turn;

pub use self::contract::Participant;
pub use self::ledger::{Begun, Ledger};
pub use self::local::{Effects, Local};
pub use self::turn::{Contention, Judged, Playing, Turn};
