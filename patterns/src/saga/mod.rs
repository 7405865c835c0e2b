//! Several services do something together: all of it, or nothing that lasts.
//!
//! An order reserves stock, charges a card and ships. Each service has a database of its own, and no transaction spans them. So whoever
//! asks one after the other is killed between two of them: charged and not shipped. It is not answered, and does not know
//! whether the card was charged: asking again charges twice, going back refunds what was never paid. The refund overtakes the charge,
//! finds nothing to refund, and then the charge arrives. A second process takes over from one that was only slow, and both go on. And a
//! refund that fails is written to a log that nobody reads.
//!
//! A *saga* is a row of steps of which each is a transaction of its own, and has another one that takes it back. What it has done,
//! and what it is about to do, is written down before it is done.
//!
//! ```text
//!  reserve ──▶ book ──▶ charge ──▶ confirm ──▶ completed
//!  can be      can be   the pivot  is tried
//!  undone      undone   decides    until it is done
//!     ▲           ▲        │ refused
//!     └── undo ◀──┴─ undo ◀┘ ──▶ compensated, or stuck
//! ```
//!
//! | part | is |
//! |---|---|
//! | [`definition`] | which steps there are, and which can be undone; checked when it is built |
//! | [`Saga`], [`state`] | what to do next, without a clock, a network or a disk |
//! | [`SagaLog`] | what has happened. It displays as a story |
//! | [`orchestrator`] | drives sagas over a [`Store`](crate::store::Store), and takes them over |
//! | [`participant`] | the side where steps are done: once, in order, and not too late |
//! | [`choreography`] | the same steps by events, driven by nobody |
//!
//! # What is done when
//!
//! | before the pivot, a step | then |
//! |---|---|
//! | is done | the next one follows, or those of the next stage together |
//! | is refused | what was done before it is undone, the last first; it itself has done nothing |
//! | fails, or is not answered in time | it is tried again as often as it says, and then *undone as well*: nobody knows |
//! | meets the [lock](participant#semantic-locks) of another saga | it waits, which counts as no attempt |
//!
//! | then | |
//! |---|---|
//! | the pivot cannot be undone and is not answered | it is asked until it says yes or no |
//! | a step behind the pivot fails | it is tried for ever, and counted ([`retries`](orchestrator::OrchestratorCounts::retries)) |
//! | an undo fails | it is tried as often as it says; then the saga is *stuck*: it keeps its locks, and an operator has it try again, or sees to the step by hand ([`Order`]) |
//!
//! A refusal is the only failure after which nothing has to be undone, because the [`Ledger`](participant::Ledger) of the participant has
//! written it down. After any other one, an earlier attempt or a copy of it may still be on its way; the undo leaves a
//! tombstone for it.
//!
//! # What is promised
//!
//! | always | because |
//! |---|---|
//! | a saga that was begun ends completed or compensated, or is stuck and says so | the log has what it was about to do |
//! | completed: each effect is there once | commands have keys, and participants keep them with the effect |
//! | compensated: no effect is left | what may have been done is undone, and what was undone is refused |
//! | two orchestrators never both take effect | appends depend on the lease; participants refuse earlier epochs |
//! | what was done last is undone first | the log has the order |
//! | a wrong clock costs time and nothing else | leases, timeouts and pauses say only when to try |
//!
//! All of that is of the saga; others see what it has done half. Locks are one way to live with that; steps that commute, or that look again
//! at what they have read, are others.
//!
//! ```
//! use cascadia_patterns::messaging::Bytes;
//! use cascadia_patterns::saga::definition::{Step, Steps};
//! use cascadia_patterns::saga::state::Phase;
//! use cascadia_patterns::saga::{Epoch, Fault, Outcome, Saga};
//! use cascadia_runtime::Wall;
//!
//! let order = Steps::new("order", 1)
//!     .then(Step::compensatable("reserve", "inventory"))
//!     .then(Step::pivot("charge", "payment"))
//!     .then(Step::retriable("confirm", "shop"))
//!     .build()?;
//! let mut saga = Saga::begin("7".into(), order, Bytes::from("a book"), Epoch(1), Wall::EPOCH);
//! let mut asked = Vec::new();
//! loop {
//!     let ready = saga.ready();
//!     // Here the entries are written, and then:
//!     let Some(command) = ready.commands.first() else { break };
//!     asked.push(command.key().to_string());
//!     let outcome = match &*command.step {
//!         "charge" => Outcome::Refused(Fault::new("declined", "no money")),
//!         _ => Outcome::Done(Bytes::from("ok")),
//!     };
//!     saga.on_outcome(command, outcome, Wall::EPOCH);
//! }
//! assert_eq!(asked, ["7/reserve/do", "7/charge/do", "7/reserve/undo"]);
//! assert_eq!(saga.state().phase(), Phase::Compensated);
//! # Ok::<(), cascadia_patterns::saga::definition::DefinitionError>(())
//! ```
//!
//! | others | the same | differ |
//! |---|---|---|
//! | Eventuate Tram Sagas | steps with compensations, an orchestrator over a database, semantic locks with a stash | a compensation that fails ends the saga and unlocks what it has left (`a_compensation_that_fails_is_stuck_and_does_not_end`); a reply is not compared with what was last asked (`a_late_answer_of_an_earlier_attempt_only_counts_if_it_is_one`) |
//! | Seata saga | a state machine that is replayed from its log, compensation in reverse, a status *unknown* | compensation is retried for ever; tombstones are the user's (`a_missing_tombstone_is_found`) |
//! | Temporal | a history that is replayed, activities that are retried for ever from 1 s to 100 s, signals, versions | a saga is a list of compensations in the user's code, which must be deterministic; nothing fences an activity (`a_missing_fence_is_found`) |
//! | MassTransit Automatonymous | a state machine over a database with optimistic conflict, an outbox | compensation is events of the user; no lease, so nothing goes on by itself (`killed_at_every_place_of_its_log_it_comes_to_the_same_end`) |
//! | Axon | sagas that follow events, found by associated values, deadlines | compensation is the user's |
//!
//! What is told of the others is of their sources and documentation; what is tested here is what is here.
//!
//! References: Garcia-Molina and Salem, *Sagas* (1987); Richardson, *Microservices Patterns* (2nd edition), for pivots,
//! countermeasures and the two forms; [Kleppmann on fencing](https://martin.kleppmann.com/2016/02/08/how-to-do-distributed-locking.html).

pub mod choreography;
mod codec;
mod command;
mod core;
pub mod definition;
mod direction;
mod fault;
mod forget;
mod ids;
mod key;
mod log;
pub mod orchestrator;
mod order;
mod outcome;
pub mod participant;
mod record;
pub mod state;
#[cfg(any(test, feature = "suite"))]
pub mod suite;
#[cfg(test)]
mod tests;

pub use self::command::{Command, CommandKey};
pub use self::core::{Ready, Saga};
pub use self::direction::Direction;
pub use self::fault::Fault;
pub use self::ids::{Epoch, SagaId};
pub use self::log::SagaLog;
pub use self::order::Order;
pub use self::outcome::Outcome;
pub use self::record::{Entry, Record, Stop};
