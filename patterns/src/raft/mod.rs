//! A log that several members keep together.

mod config;
mod core;
mod durability;
mod election;
mod entry;
mod following;
mod leadership;
mod leading;
mod log;
mod message;
mod outbox;
mod reads;
mod ready;
#[cfg(test)]
mod tests;
pub mod wal;

pub use self::config::RaftConfig;
pub use self::core::Raft;
pub use self::entry::{Entry, Hard, MemberId, Payload, Saved};
pub use self::message::{Append, Body, Envelope, Message, Outcome};
pub use self::ready::{NotLeader, Persist, Proposed, Ready, Role, Status};
