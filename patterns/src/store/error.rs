use std::error::Error;
use std::fmt;

/// Why a store did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// A condition does not hold. Nothing has happened; whoever tries again reads anew.
    Conflict,
    /// The changes that are asked for are not kept any more: read everything, and go on from there.
    Compacted,
    /// A key or a commit is larger than every store takes. Nothing has happened.
    TooLarge,
    /// There is no room. Nothing has happened.
    Full,
    /// It cannot be reached, or cannot go on. Nothing has happened.
    Unavailable(String),
    /// It was lost sight of while it committed: the commit has happened, happens yet, or never will. Where it writes
    /// a row that it wants to be absent, it can be sent again: it happens once, or [`Conflict`](Self::Conflict)
    /// says that it has.
    Unknown(String),
    /// What it has kept is not what it wrote.
    Corrupt(String),
}

impl StoreError {
    /// Whether it is certain that a commit that ended so has not happened, and will not.
    pub fn is_nothing(&self) -> bool {
        !matches!(self, Self::Unknown(_))
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conflict => f.write_str("a condition does not hold"),
            Self::Compacted => f.write_str("the changes are not kept any more"),
            Self::TooLarge => f.write_str("the commit is larger than a store takes"),
            Self::Full => f.write_str("the store is full"),
            Self::Unavailable(why) => write!(f, "the store is not available: {why}"),
            Self::Unknown(why) => write!(f, "whether it was committed is not known: {why}"),
            Self::Corrupt(why) => write!(f, "the store is corrupt: {why}"),
        }
    }
}

impl Error for StoreError {}
