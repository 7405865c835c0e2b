use crate::messaging::suite::trouble::Trouble;

/// Something that happens in a history. Messages are numbered in the order in which they are published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// So many messages are published at once, the first of this number, each known by the id of that one, if any, and each for
    /// a while only, perhaps. Who consumes them is slow perhaps, and takes nothing for a while.
    Publish { first: u32, count: u32, known_by: Option<u32>, perishes: bool, is_slow: bool },
    /// It is done, and with it what is before it where single messages are not.
    Ack(u32),
    /// What is done is acknowledged again.
    AckAgain,
    /// It is refused.
    Requeue(u32),
    /// It is refused, and rests.
    Rest(u32),
    /// It is given up.
    Dead(u32),
    /// It takes longer.
    Working(u32),
    /// One who is not there comes.
    Join,
    /// The one who has this message goes, or the one who is there.
    Leave(Option<u32>),
    /// All that is in flight is so for too long.
    Expire,
    /// All that was published for a while only is worthless.
    Perish,
    /// Whatever is to happen to the broker.
    Trouble(Trouble),
}
