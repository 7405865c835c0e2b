use cascadia_patterns::raft::Message;

use super::controller::Command;
use super::replica::{Fetch, Fetched};

/// What places of a broker say to each other.
#[derive(Clone, Debug)]
pub(super) enum PeerWord {
    /// One member of the controller, by its place, to another.
    Member(usize, Message),
    /// A place is there, in one of its lives. Who leads the controller is told.
    Beat(usize, u64),
    /// Who leads a partition wants something decided.
    Wish(Command),
    Fetch(Fetch),
    Fetched(Fetched),
}
