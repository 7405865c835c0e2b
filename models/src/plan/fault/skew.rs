/// How far off a wall clock is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Skew {
    /// Nanoseconds ahead, at once.
    pub ahead: i64,
    /// Nanoseconds that it gains in a second.
    pub gains: i64,
}
