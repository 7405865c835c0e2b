//! Several services do something together: all of it, or nothing that lasts.

mod codec;
mod command;
mod core;
pub mod definition;
mod direction;
mod fault;
mod ids;
mod log;
pub mod orchestrator;
mod order;
mod outcome;
pub mod participant;
mod record;
pub mod state;
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
