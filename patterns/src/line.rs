//! Values by numbers of which each is higher than all before.
//!
//! Messages, jobs and batches are numbered as they come, and most go in nearly that order. A tree of them costs more
//! than what is done with them; a slab uses its keys again, so that what is said too late is said of another.

use std::collections::VecDeque;

/// Values by numbers of which each is higher than all before.
///
/// Getting at one costs the same however many there are. One that stays for long costs four bytes for each that
/// came after it.
///
/// ```
/// use cascadia_patterns::line::Line;
///
/// let mut line = Line::default();
/// line.insert(7, "seven");
/// line.insert(9, "nine");
/// assert_eq!(line.remove(7), Some("seven"));
/// assert_eq!(line.iter().collect::<Vec<_>>(), [(9, &"nine")]);
/// assert_eq!((line.get(7), line.get(8)), (None, None));
/// ```
#[derive(Debug)]
pub struct Line<T> {
    /// The number of the first place.
    first: u64,
    /// In which slots the values are.
    places: VecDeque<u32>,
    slots: Vec<Option<T>>,
    free: Vec<u32>,
}

/// In no slot.
const NOWHERE: u32 = u32::MAX;

impl<T> Default for Line<T> {
    fn default() -> Self {
        Self { first: 0, places: VecDeque::new(), slots: Vec::new(), free: Vec::new() }
    }
}

impl<T> Line<T> {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// Adds one.
    ///
    /// # Panics
    ///
    /// When its number is not higher than those of all that are there.
    pub fn insert(&mut self, number: u64, value: T) {
        if self.places.is_empty() {
            self.first = number;
        }
        let end = self.first + self.places.len() as u64;
        assert!(number >= end, "the numbers of a line grow");
        self.places.extend(std::iter::repeat_n(NOWHERE, (number - end) as usize));
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.slots.len() as u32 - 1
        });
        self.slots[slot as usize] = Some(value);
        self.places.push_back(slot);
    }

    fn slot(&self, number: u64) -> Option<usize> {
        let place = usize::try_from(number.checked_sub(self.first)?).ok()?;
        let slot = *self.places.get(place)?;
        (slot != NOWHERE).then_some(slot as usize)
    }

    /// The value of a number.
    pub fn get(&self, number: u64) -> Option<&T> {
        self.slots[self.slot(number)?].as_ref()
    }

    /// The value of a number.
    pub fn get_mut(&mut self, number: u64) -> Option<&mut T> {
        let slot = self.slot(number)?;
        self.slots[slot].as_mut()
    }

    /// Takes one out.
    pub fn remove(&mut self, number: u64) -> Option<T> {
        let slot = self.slot(number)?;
        let value = self.slots[slot].take();
        self.free.push(slot as u32);
        self.places[(number - self.first) as usize] = NOWHERE;
        while self.places.front() == Some(&NOWHERE) {
            self.places.pop_front();
            self.first += 1;
        }
        value
    }

    /// Takes all of them out, in the order of their numbers.
    pub fn drain(&mut self) -> impl Iterator<Item = T> {
        self.free.clear();
        let mut slots = std::mem::take(&mut self.slots);
        let places = std::mem::take(&mut self.places).into_iter();
        places.filter_map(move |slot| slots.get_mut(slot as usize)?.take())
    }

    /// All of them, in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (u64, &T)> {
        let slots = (self.first..).zip(&self.places).filter(|(_, slot)| **slot != NOWHERE);
        slots.filter_map(|(number, slot)| Some((number, self.slots[*slot as usize].as_ref()?)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn it_does_what_a_tree_does() {
        let (mut line, mut tree) = (Line::default(), BTreeMap::new());
        let (mut next, mut most) = (0, 0);
        for turn in 0_u64..10_000 {
            let drawn = turn.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
            if drawn.is_multiple_of(2) {
                next += drawn % 3 + 1;
                line.insert(next, turn);
                tree.insert(next, turn);
            } else {
                let number = next.saturating_sub(drawn % 50);
                assert_eq!(line.get(number), tree.get(&number));
                assert_eq!(line.remove(number), tree.remove(&number));
            }
            assert_eq!((line.len(), line.is_empty()), (tree.len(), tree.is_empty()));
            most = most.max(tree.len());
        }
        assert!(line.iter().eq(tree.iter().map(|(number, value)| (*number, value))));
        assert_eq!(line.slots.len(), most, "slots are used again");
        assert!(line.drain().eq(tree.into_values()));
        assert!(line.is_empty());
    }
}
