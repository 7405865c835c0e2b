//! Brokers: topics, kept by places with disks, over a network.
//!
//! # The problem
//!
//! What a broker promises holds between three parties, of which each sees a part: a publisher whose
//! answer was lost, a broker that had not synced, a consumer that acknowledged before it was done. A
//! test against one of them finds nothing, and a test against a real one cannot stop it between two
//! writes. Here the cores are those that run in production
//! ([`messaging`](cascadia_patterns::messaging)), and so are the clients; between them lie the links of
//! the plan, under them disks that lose what was not synced, and a witness sees every copy of every
//! message.
//!
//! # A message
//!
//! ```text
//!  a step of a service ─▶ producer ─▶ remote ═▶ node: partition ─▶ log ─▶ disk
//!                                                  │ delivers
//!  an endpoint of a service ◀─ consumer ◀─ feed ◀══╯
//! ```
//!
//! What lies between places goes over connections, which keep the order and send again what a link loses. A
//! process that is gone is noticed at once, a machine that is gone when somebody's time is over.

mod build;
mod client;
mod hub;
mod kept;
mod node;
mod note;
mod publisher;
mod settings;
mod spot;
mod subscriber;
mod witness;
mod words;

pub use self::build::Broker;
pub(crate) use self::client::Remote;
pub use self::note::LEAST_BYTES;
pub(crate) use self::note::Note;
pub(crate) use self::publisher::{Posting, Publisher};
pub use self::settings::{BrokerPlan, Flush, GroupPlan, Promises, TopicPlan};
pub(crate) use self::spot::Spot;
pub(crate) use self::subscriber::Subscriber;
