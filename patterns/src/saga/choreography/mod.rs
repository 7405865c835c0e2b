//! The same steps without anybody who drives them: each participant hears of what was done, does what follows, and tells of it.
//!
//! No orchestrator can fail where there is none, and no service has to know of all others. What is lost is the one place where a saga
//! can be looked at: what follows what is scattered over the participants, nobody waits for an answer that does not come, and an event that is lost
//! is a saga that stands still, half done, for ever, and says nothing. And whoever publishes an event beside its commit, and not
//! with it, loses one now and then.
//!
//! ```text
//!  Begun ─▶ inventory: reserve ─▶ Done 0 ─▶ payment: charge ─▶ Done 1 ─▶ shop: confirm ─▶ Done 2, the end
//!                  ▲                              └─▶ Refused 1
//!                  └──────── undo ◀───────────────────────┘ ──▶ Undone 0, the end
//! ```
//!
//! Here who reacts to what is said in one place all the same ([`Score`]), from the [`Definition`](super::definition::Definition) that an
//! orchestrator would have; a [`Member`] plays its part of it. Effect, note and event are one transaction, and the event
//! leaves by an [outbox](crate::messaging::outbox). What comes twice is known by the member's
//! [`Ledger`](super::participant::Ledger), and told of once more, so that an event that was lost on its way is made good by any repetition of
//! the one before it. [`Trace`] puts a saga together again from its events, and tells of those that stand still.
//!
//! # What is promised
//!
//! | settings | |
//! |---|---|
//! | deliveries without bound, topics that keep what is not settled | each saga completes, or goes back, when all members live long enough |
//! | bounded deliveries, with a dead letter topic | the same, but for sagas with an event in that topic: they stand still, as stuck ones do |
//! | events of a saga in any order | the same: an undo that overtakes its step leaves a tombstone |
//!
//! Steps at the same time, signals, timeouts and locks need somebody who sees all of a saga; [`Score::new`] says so.
//!
//! A step that fails is tried again by the broker, for ever: only a refusal turns the saga back.

mod event;
mod member;
mod score;
mod trace;

pub use self::event::{Event, Happened};
pub use self::member::Member;
pub use self::score::{NeedsOrchestrator, Score};
pub use self::trace::Trace;
