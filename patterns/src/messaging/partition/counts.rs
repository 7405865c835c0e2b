/// How often what has happened in a partition since its process began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Messages that were added.
    pub added: u64,
    /// Messages that were there already, by their number or their id.
    pub duplicates: u64,
    /// Deliveries, with those that were not the first of their message.
    pub delivered: u64,
    /// Deliveries that were not the first of their message.
    pub redelivered: u64,
    /// Messages that a group was done with.
    pub acked: u64,
    /// Deliveries that were refused.
    pub refused: u64,
    /// Deliveries that were not settled in time.
    pub timed_out: u64,
    /// Messages that a group gave up, with those that expired.
    pub dead: u64,
    /// Messages that were dead as nobody wanted them any more.
    pub expired: u64,
    /// Of the dead, those that are nowhere now, as there was no dead letter topic.
    pub dropped: u64,
    /// Messages for which there was no room, whether refused or dropped.
    pub overflowed: u64,
    /// Messages that were to be settled after their time and were.
    pub late: u64,
    /// Messages that were to be settled by somebody whose they were no more.
    pub stale: u64,
    /// Messages that a group never got, as they were kept no more.
    pub missed: u64,
}
