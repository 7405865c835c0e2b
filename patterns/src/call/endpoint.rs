use std::fmt;

/// Who an endpoint is.
///
/// Whoever adds an endpoint gives it one, and never gives it to another: what is remembered of an
/// endpoint is remembered under its key, and outlives every change of who else there is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EndpointKey(u64);

impl EndpointKey {
    /// The endpoint of that number.
    ///
    /// # Panics
    ///
    /// When it is the largest number there is, which stands for no endpoint.
    #[inline]
    pub const fn new(number: u64) -> Self {
        assert!(number < u64::MAX, "the largest number is no endpoint's");
        Self(number)
    }

    /// Its number.
    #[inline]
    pub const fn number(self) -> u64 {
        self.0
    }
}

impl fmt::Debug for EndpointKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for EndpointKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
