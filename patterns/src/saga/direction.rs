use std::fmt;

/// What a participant is asked to do about a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// To do it.
    Do,
    /// To take it back, or to see to it that it is never done.
    Undo,
    /// To let go of what it has locked, as the saga has completed.
    Release,
}

impl Direction {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Do, Self::Undo, Self::Release];
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Do => "do",
            Self::Undo => "undo",
            Self::Release => "release",
        })
    }
}
