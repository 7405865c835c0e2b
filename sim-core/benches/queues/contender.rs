//! What a queue has to do to take part.

/// An event queue.
pub(crate) trait Contender: Default {
    /// Names an armed timer.
    type Key: Copy;
    /// Arms a timer.
    fn arm(&mut self, at: u64, payload: u32) -> Self::Key;
    /// Disarms one that may have fired.
    fn cancel(&mut self, key: Self::Key);
    /// The earliest timer.
    fn pop(&mut self) -> Option<(u64, u32)>;
}
