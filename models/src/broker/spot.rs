/// Which message it is, wherever it is: the same in dead letters as where it came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spot {
    /// The topic that it was published to, by its position.
    pub(crate) topic: u32,
    /// Which one of that, from 0 in the order in which they were published.
    pub(crate) number: u64,
}
