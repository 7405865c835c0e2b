use std::sync::Arc;

use futures::channel::oneshot::Receiver;

use crate::exchange::Exchange;
use crate::store::{Applied, Command, Locks};

/// The log that a replica of a store keeps with others, as its scripts see it. What was asked for and
/// is never answered ends when nobody knows any more what becomes of it.
pub(crate) trait Log: Send + Sync {
    /// Whether the replica leads, as far as it knows.
    fn leads(&self) -> bool;

    /// The rows that it keeps from others as long as it leads.
    fn locks(&self) -> Arc<Locks>;

    /// Puts a command into the log for a request; nothing where another leads.
    fn propose(&self, exchange: &Exchange, command: &Command) -> Option<Receiver<Applied>>;

    /// Asks for the version of a row, no older than what was acknowledged by now; nothing where
    /// another leads.
    fn read(&self, row: u64) -> Option<Receiver<u64>>;
}
