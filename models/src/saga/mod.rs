//! Sagas: orchestrated by what runs in production, done by services of the plan.
//!
//! # The problem
//!
//! That a saga leaves nothing half done is a promise of two sides: of who orchestrates it, with a log, a lease and an epoch, and
//! of each service that does a step, with a note, a tombstone and a fence in the transaction of its effects. Either side alone
//! keeps nothing, and what goes wrong shows only when the one dies between two steps, or the other is asked twice. A model of
//! either would have the faults of the model. So both are the real ones ([`cascadia_patterns::saga`]), and between them is the
//! network of the plan.
//!
//! # One saga
//!
//! | | in | what happens |
//! |---|---|---|
//! | 1 | `models/src/saga/place.rs` | a request comes, and begins the saga of its id, once for all its tries |
//! | 2 | `models/src/saga/table.rs` | the log is written; it outlives the orchestrators, who have it in common |
//! | 3 | `models/src/saga/asking.rs` | a command is sent to a service, through the policy of the step |
//! | 4 | `models/src/script/once.rs` | the service does it once, together with its entries in ledgers, or says how it ended before |
//! | 5 | `models/src/effects/witness.rs` | every effect is noted; `models/src/saga/judge.rs` says what follows from them |
//!
//! The answer to the request is a success when the saga has completed, HTTP's 409 when it has gone back, and gRPC's `UNAVAILABLE`
//! where it is stuck or nobody knows.
//!
//! An error that another try may help says that this attempt has done nothing, any other one that no attempt will: the step is
//! refused. Whoever does whatever comes promises more by that than it can keep.
//!
//! A step that locks has locked what the saga is about, at the service that does it and nowhere else, until the saga has ended
//! (`models/src/effects/locks.rs` has what is locked, as the stores of services have it). What happens outside, and a saga
//! waits for, is told to any orchestrator that is there (`models/src/saga/signals.rs`).
//!
//! Of those that are not what they should be, the first is looked at in a second run: `models/src/saga/suspect.rs` says which one it is,
//! with its log, and `models/src/saga/reading.rs` reads what is said of it.
//!
//! # What there is not
//!
//! The store of the orchestrators is always there, and its rows are never lost. That a service has heard of a later epoch is
//! told as an error that another try may help; who is not in charge any more learns so from the store.
//!
//! # In another form
//!
//! The same steps by events: `models/src/saga/events/mod.rs`. As one transaction: `models/src/saga/two_phase/mod.rs`.
//!
//! # Determinism
//!
//! Everything is drawn from streams of the place; commands have the keys of what a component sends on its own.

mod asking;
mod build;
mod courier;
mod events;
mod hub;
mod id;
mod judge;
mod operator;
mod orders;
mod place;
mod plan;
mod reading;
mod signals;
mod suspect;
mod table;
mod two_phase;
mod waiting;

pub use self::build::Sagas;
pub use self::events::{Events, EventsPlan};
pub(crate) use self::events::{Member, Tools};
pub use self::plan::{OperatorPlan, SagaCall, SagaPlan, SignalPlan, StepCalls, Wanted};
pub(crate) use self::table::CHANGES;
pub(crate) use self::two_phase::BranchDesk;
pub use self::two_phase::{BranchStep, TwoPhase, TwoPhasePlan};
