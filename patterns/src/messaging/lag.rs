use std::time::Duration;

/// How far a group is behind in a partition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lag {
    /// Messages that are kept and that the group has not done.
    pub messages: u64,
    /// Of these, those that are delivered and not settled.
    pub in_flight: u64,
    /// How long the oldest of them has been there.
    pub oldest: Duration,
}
