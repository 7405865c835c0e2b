/// What a consumer has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ConsumerCounts {
    /// Deliveries that came.
    pub delivered: u64,
    /// Of these, those that were not the first of their message.
    pub again: u64,
    /// Deliveries that were handled, and acknowledged where that was to be done.
    pub done: u64,
    /// Handlers that did not do their work.
    pub faults: u64,
    /// Messages that are to come again, here or elsewhere.
    pub retried: u64,
    /// Messages that were given up: they are with the dead letters, if there are any.
    pub dead: u64,
    /// Deliveries that were given back, or left to others, unhandled.
    pub returned: u64,
    /// Messages that were acknowledged before they were handled, and then were not: they are lost.
    pub lost: u64,
    /// Handled messages that somebody else has or had, too: they may be done twice.
    pub overtaken: u64,
    /// Handled messages whose acknowledgement did not arrive: they are done twice.
    pub unsettled: u64,
    /// Messages that were kept no more when they were to be read.
    pub skipped: u64,
    /// How often the kill switch tripped.
    pub trips: u64,
    /// How often the feed was lost and another one asked for.
    pub reconnected: u64,
}
