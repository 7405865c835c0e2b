use std::ops::Bound;

use super::row::Key;

/// Keys from one to another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// The first one.
    pub from: Key,
    /// The one before which it ends; without one, there is no end.
    pub to: Option<Key>,
}

/// From one key to another, as `std` has it.
pub type Bounds<'a> = (Bound<&'a [u8]>, Bound<&'a [u8]>);

impl Range {
    /// All keys.
    pub fn all() -> Self {
        Self::default()
    }

    /// The keys from one to another, without that.
    pub fn new(from: impl Into<Key>, to: impl Into<Key>) -> Self {
        Self { from: from.into(), to: Some(to.into()) }
    }

    /// The keys that begin with `prefix`.
    ///
    /// ```
    /// use cascadia_patterns::store::Range;
    ///
    /// assert_eq!(Range::prefix("user/"), Range::new("user/", "user0"));
    /// assert_eq!(Range::prefix(""), Range::all());
    /// ```
    pub fn prefix(prefix: impl Into<Key>) -> Self {
        let from = prefix.into();
        let mut to = from.clone();
        // What ends in the last byte has its successor one byte earlier.
        while to.pop_if(|byte| *byte == u8::MAX).is_some() {}
        let to = to.last_mut().map(|byte| *byte += 1).map(|()| to);
        Self { from, to }
    }

    /// This key and no other.
    pub fn only(key: impl Into<Key>) -> Self {
        let from = key.into();
        Self { to: Some([from.as_slice(), &[0]].concat()), from }
    }

    /// Whether no key can be in it.
    pub fn is_empty(&self) -> bool {
        self.to.as_ref().is_some_and(|to| *to <= self.from)
    }

    /// Whether a key is in it.
    pub fn contains(&self, key: &[u8]) -> bool {
        self.from.as_slice() <= key && self.to.as_ref().is_none_or(|to| key < to.as_slice())
    }

    /// Its bounds as `std` has them, unless it is empty.
    pub fn bounds(&self) -> Option<Bounds<'_>> {
        let to = self.to.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        (!self.is_empty()).then_some((Bound::Included(self.from.as_slice()), to))
    }

    /// What is left of it behind a key.
    #[must_use]
    pub fn after(&self, key: &[u8]) -> Self {
        Self { from: [key, &[0]].concat(), to: self.to.clone() }
    }

    /// What of it is before a key.
    #[must_use]
    pub fn before(&self, key: &[u8]) -> Self {
        let to = self.to.as_deref().map_or(key, |to| to.min(key));
        Self { from: self.from.clone(), to: Some(to.to_vec()) }
    }
}
