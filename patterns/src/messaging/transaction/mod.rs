//! Several messages and acknowledgements that take effect together.
//!
//! Whoever consumes a message, makes others of it and acknowledges it, does three things that may each fail. If the
//! acknowledgement is lost, the results are there twice; if it came first, they may never be there. In a *transaction*, what is
//! published is seen and what was consumed is done together or not at all, within one broker. What else the consumer does,
//! such as charging a card, is not part of it.
//!
//! ```text
//!  batch, batch ──▶ OPEN ── conclude ──▶ ENDING ── the decision is durable ──▶ every partition is told ──▶ IDLE
//!                    │                                                              ▲
//!                    └── timeout, or a new one of the same name ── abort ───────────┘
//! ```
//!
//! The decision is one durable record. Before it, nothing has happened; after it, everything will, as whoever finds it
//! after a crash carries it out, as often as it takes. A transaction that was aborted without its producer's doing stays
//! so until the producer says that it knows: what it still sends of that is refused.
//!
//! | others | differ |
//! |---|---|
//! | Kafka | consumer offsets are messages of a topic of their own, and a partition's acknowledgement is one number; the coordinator is replicated like any partition (`what_is_consumed_and_what_is_made_of_it_are_one`) |
//! | RabbitMQ `tx` | only of one queue, and not atomic over a crash (`a_crash_at_every_step_leaves_all_of_a_transaction_or_nothing`) |
//! | JetStream, SQS | none (`what_is_aborted_was_never_there`) |

mod core;
mod decision;
#[cfg(test)]
mod tests;

pub use self::core::{TRANSACTION_TIMEOUT, TransactionCore};
pub use self::decision::{Decision, Verdict};
