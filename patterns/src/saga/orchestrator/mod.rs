//! Drives sagas over a store, and goes on with them after a crash.
//!
//! Whoever holds a saga's place in memory loses it with the process, in the middle: reserved, charged, and nobody who remembers. Whoever
//! writes it down after each step does the last one twice, or never. And if a second process is there to take over, it takes over
//! from one that is only slow, and both drive.
//!
//! An [`Orchestrator`] writes down what it is about to do before it does it, in the store's commit that also proves that the saga is
//! still its own:
//!
//! ```text
//!  lease of the saga: owner, epoch, until ──▶ every append: only if the lease is as I wrote it
//!                                             ──▶ then the command, with the epoch
//!  owner silent for `lease` + `skew`      ──▶ anybody: epoch + 1, read the log, ask again what was asked
//! ```
//!
//! The clock decides only when it is worth to take over. That two never drive is due to the condition of the append; that
//! what the first one has sent before does no harm is due to the epoch, the keys and the tombstones of the
//! [participants](super::participant).
//!
//! # What is promised
//!
//! | settings | |
//! |---|---|
//! | any store | a saga that was begun ends, or is stuck, as long as some orchestrator lives that knows its definition; begun twice under one id, it is begun once |
//! | store that survives a crash | the same, whatever is killed when |
//! | clocks that are apart by more than `skew` | the same; sagas may be taken from one that lives, which costs time |
//! | a store without conditions | nothing |
//!
//! Timeouts are of the wall clock, so they go on while nobody drives the saga. By a clock that is off they come early or late by as
//! much, and neither does harm.
//!
//! Appends of many sagas are [one commit](crate::store::Store::commit_all) (*group commit*). An order changes the row of
//! who drives the saga, so that whoever does hears of it before anything else is written. What has ended is kept in the
//! store, and not in memory, until somebody has it [forgotten](forget).

mod cast;
mod config;
mod counts;
mod driver;
mod error;
mod handle;
mod inbox;
mod journal;
mod logs;
mod rows;
mod shared;
mod sight;
mod standing;
mod takeover;

pub use self::cast::Cast;
pub use self::config::OrchestratorConfig;
pub use self::counts::OrchestratorCounts;
pub use self::error::SagaError;
pub use self::handle::Orchestrator;
pub use self::logs::{forget, log, rows_of};
pub use self::sight::{Sight, sights};
pub use self::standing::Standing;
