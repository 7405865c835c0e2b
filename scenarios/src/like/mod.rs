//! Brokers that behave as a real system does: `"bus": { "like": "kafka", … }`.
//!
//! # The problem
//!
//! What becomes of a message is decided by some thirty settings in three places: at the broker, at who publishes and at
//! who consumes. Whoever uses a real system has written few of them down. The others have their defaults, which differ
//! from system to system, and most of what is lost or done twice is lost or done twice by a default that nobody chose.
//! A scenario that leaves them out has the defaults of this language, which are careful ones, and shows a system that
//! nobody runs.
//!
//! So each system is a table of its defaults ([`systems`]), with what each is called there and the version that it is of. They are put into
//! the tree of a file before it is read ([`apply`]), beside what is written there, which goes before. Whatever is told or
//! worked out of a file sees them as if somebody had written them. `docs/brokers.md` is made of the same tables
//! ([`page`]), and of what differs all the same, with the test that shows it.

mod apply;
mod page;
mod system;
mod systems;
mod table;

pub(crate) use self::apply::apply;
pub use self::page::brokers;
pub(crate) use self::system::Like;
