//! What waits, by its place.

use std::collections::VecDeque;

/// A map for keys that come and go nearly in order.
///
/// Sorted in a ring, so that most of them come at one end and leave at the other. A ring grows to
/// the most that it has held and allocates nothing from then on; a tree allocates a node for every
/// few keys that pass through it. One that leaves from the middle leaves a gap, which is closed when
/// there are more gaps than others: so many may leave in any order and none moves more than a few.
#[derive(Debug)]
pub(crate) struct InOrder<K, V> {
    /// Neither the first nor the last is a gap.
    ring: VecDeque<(K, Option<V>)>,
    gaps: usize,
}

impl<K, V> Default for InOrder<K, V> {
    fn default() -> Self {
        Self { ring: VecDeque::new(), gaps: 0 }
    }
}

impl<K: Copy + Ord, V> InOrder<K, V> {
    pub(crate) fn len(&self) -> usize {
        self.ring.len() - self.gaps
    }

    /// Returns what was there under the same key.
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.place(key) {
            Ok(place) => {
                let before = self.ring[place].1.replace(value);
                self.gaps -= usize::from(before.is_none());
                before
            }
            Err(place) => {
                self.ring.insert(place, (key, Some(value)));
                None
            }
        }
    }

    pub(crate) fn remove(&mut self, key: K) -> Option<V> {
        let place = self.place(key).ok()?;
        let value = self.ring[place].1.take()?;
        self.gaps += 1;
        self.close();
        Some(value)
    }

    pub(crate) fn first(&self) -> Option<(K, &V)> {
        let (key, value) = self.ring.front()?;
        Some((*key, value.as_ref()?))
    }

    pub(crate) fn into_values(self) -> impl Iterator<Item = V> {
        self.ring.into_iter().filter_map(|(_, value)| value)
    }

    pub(crate) fn pop_first(&mut self) -> Option<(K, V)> {
        let (key, value) = self.ring.pop_front()?;
        self.close();
        Some((key, value?))
    }

    pub(crate) fn pop_last(&mut self) -> Option<(K, V)> {
        let (key, value) = self.ring.pop_back()?;
        self.close();
        Some((key, value?))
    }

    /// Takes away the gaps at both ends, and all where they are most of it.
    fn close(&mut self) {
        while let Some((_, None)) = self.ring.front() {
            self.ring.pop_front();
            self.gaps -= 1;
        }
        while let Some((_, None)) = self.ring.back() {
            self.ring.pop_back();
            self.gaps -= 1;
        }
        if self.gaps > self.ring.len() / 2 {
            self.ring.retain(|(_, value)| value.is_some());
            self.gaps = 0;
        }
    }

    /// Where a key is, or would be: most come at the end and leave at the beginning.
    fn place(&self, key: K) -> Result<usize, usize> {
        if self.ring.back().is_none_or(|(last, _)| *last < key) {
            return Err(self.ring.len());
        }
        if self.ring.front().is_some_and(|(first, _)| *first == key) {
            return Ok(0);
        }
        self.ring.binary_search_by_key(&key, |(key, _)| *key)
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
            events in prop::collection::vec((0u8..6, 0u8..20, any::<u8>()), 0..200),
        ) {
            let (mut ring, mut tree) = (InOrder::default(), BTreeMap::new());
            for (event, key, value) in events {
                match event {
                    0 => prop_assert_eq!(ring.pop_first(), tree.pop_first()),
                    1 => prop_assert_eq!(ring.pop_last(), tree.pop_last()),
                    2 | 3 => prop_assert_eq!(ring.remove(key), tree.remove(&key)),
                    _ => prop_assert_eq!(ring.insert(key, value), tree.insert(key, value)),
                }
                prop_assert_eq!(ring.len(), tree.len());
                let first = tree.first_key_value().map(|(key, value)| (*key, value));
                prop_assert_eq!(ring.first(), first);
                prop_assert!(ring.ring.len() <= 2 * tree.len() + 1, "gaps are closed");
            }
            prop_assert!(ring.into_values().eq(tree.into_values()));
        }
    }
}
