//! What waits, by its place.

use std::collections::VecDeque;

/// A map for keys that come and go nearly in order.
///
/// Sorted in a ring, so that most of them come at one end and leave at the other. A ring grows to
/// the most that it has held and allocates nothing from then on; a tree allocates a node for every
/// few keys that pass through it.
#[derive(Debug)]
pub(crate) struct InOrder<K, V>(VecDeque<(K, V)>);

impl<K, V> Default for InOrder<K, V> {
    fn default() -> Self {
        Self(VecDeque::new())
    }
}

impl<K: Copy + Ord, V> InOrder<K, V> {
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns what was there under the same key.
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.place(key) {
            Ok(place) => Some(std::mem::replace(&mut self.0[place].1, value)),
            Err(place) => {
                self.0.insert(place, (key, value));
                None
            }
        }
    }

    pub(crate) fn remove(&mut self, key: K) -> Option<V> {
        let place = self.place(key).ok()?;
        self.0.remove(place).map(|(_, value)| value)
    }

    pub(crate) fn first(&self) -> Option<&(K, V)> {
        self.0.front()
    }

    pub(crate) fn into_values(self) -> impl Iterator<Item = V> {
        self.0.into_iter().map(|(_, value)| value)
    }

    pub(crate) fn pop_first(&mut self) -> Option<(K, V)> {
        self.0.pop_front()
    }

    fn place(&self, key: K) -> Result<usize, usize> {
        self.0.binary_search_by_key(&key, |(key, _)| *key)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::InOrder;

    proptest! {
        #[test]
        fn it_does_what_a_tree_does(
            events in prop::collection::vec((0u8..4, 0u8..20, any::<u8>()), 0..200),
        ) {
            let (mut ring, mut tree) = (InOrder::default(), BTreeMap::new());
            for (event, key, value) in events {
                match event {
                    0 => prop_assert_eq!(ring.pop_first(), tree.pop_first()),
                    1 => prop_assert_eq!(ring.remove(key), tree.remove(&key)),
                    _ => prop_assert_eq!(ring.insert(key, value), tree.insert(key, value)),
                }
                prop_assert_eq!(ring.len(), tree.len());
            }
        }
    }
}
