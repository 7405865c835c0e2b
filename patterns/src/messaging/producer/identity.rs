use cascadia_runtime::Time;

use crate::messaging::ProducerIdentity;

/// What batches are numbered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Identity {
    /// Nothing is numbered.
    Unused,
    /// The broker is to be asked.
    Wanted(Time, u32),
    /// The broker is being asked.
    Asked(u32),
    Known(ProducerIdentity),
    /// Something was given up that others followed: when nothing is in doubt any more, all that is left is
    /// numbered anew.
    Broken(ProducerIdentity),
}
