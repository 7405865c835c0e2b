/// What the task of a feed is to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// To fetch as many messages at most.
    Messages(usize),
    /// Nothing for now: there is no room, or the feed is drained.
    Nothing,
    /// To give back what it holds, and end: the feed is gone.
    Leave,
}

impl Wanted {
    /// How many messages there is room for.
    pub const fn room(self) -> usize {
        match self {
            Self::Messages(room) => room,
            Self::Nothing | Self::Leave => 0,
        }
    }
}
