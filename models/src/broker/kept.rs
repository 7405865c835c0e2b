use std::collections::VecDeque;

use cascadia_patterns::messaging::partition::{Change, Entry};

/// What the partitions of a place have written down, which outlives its processes.
///
/// It is written in groups, each with a number. How many of them the disk has says how much of it there is.
#[derive(Default)]
pub(super) struct Kept {
    shelves: Vec<Shelf>,
    /// The group that is gathered.
    group: u64,
    /// The partitions that have written something in it.
    touched: Vec<usize>,
    /// Entries that are not needed any more once their group is safe.
    forgotten: VecDeque<(u64, usize, u64)>,
}

/// The entries of a partition.
struct Shelf {
    /// The index of the first slot.
    first: u64,
    /// What is still needed, with the group in which it was written.
    slots: VecDeque<Option<(u64, Change)>>,
    /// The group in which it was last written to.
    newest: u64,
}

impl Kept {
    pub(super) fn new(partitions: usize) -> Self {
        let shelf = |_| Shelf { first: 1, slots: VecDeque::new(), newest: 0 };
        let shelves = (0..partitions).map(shelf).collect();
        Self { shelves, group: 1, touched: Vec::new(), forgotten: VecDeque::new() }
    }

    /// A partition writes something down, and says what it needs no more.
    pub(super) fn put(&mut self, at: usize, entries: &mut Vec<Entry>, forgotten: &mut Vec<u64>) {
        let shelf = &mut self.shelves[at];
        if !entries.is_empty() && shelf.newest < self.group {
            shelf.newest = self.group;
            self.touched.push(at);
        }
        for Entry { index, change } in entries.drain(..) {
            if shelf.slots.is_empty() {
                shelf.first = index;
            }
            shelf.slots.push_back(Some((self.group, change)));
        }
        let group = self.group;
        self.forgotten.extend(forgotten.drain(..).map(|index| (group, at, index)));
    }

    /// The group that was gathered is to be written: which one, and the last entry of each partition in it.
    pub(super) fn close(&mut self) -> (u64, Vec<(usize, u64)>) {
        self.group += 1;
        self.touched.sort_unstable();
        let touched = std::mem::take(&mut self.touched).into_iter();
        (self.group - 1, touched.map(|at| (at, self.shelves[at].last())).collect())
    }

    /// All groups up to this are safe.
    pub(super) fn on_safe(&mut self, group: u64) {
        while let Some(&(of, at, index)) = self.forgotten.front()
            && of <= group
        {
            self.forgotten.pop_front();
            self.shelves[at].forget(index);
        }
    }

    /// What there is of it, if the disk has the groups up to this.
    pub(super) fn reopen(&mut self, group: u64) {
        self.on_safe(group);
        self.forgotten.clear();
        self.touched.clear();
        for shelf in &mut self.shelves {
            let is_gone =
                |slot: &Option<(u64, Change)>| slot.as_ref().is_none_or(|it| it.0 > group);
            while shelf.slots.back().is_some_and(is_gone) {
                shelf.slots.pop_back();
            }
            shelf.newest = 0;
        }
    }

    /// The entries of a partition.
    pub(super) fn entries(&self, at: usize) -> impl Iterator<Item = Entry> {
        let shelf = &self.shelves[at];
        let slots = (shelf.first..).zip(&shelf.slots);
        slots.filter_map(|(index, slot)| {
            slot.as_ref().map(|(_, change)| Entry { index, change: change.clone() })
        })
    }
}

impl Shelf {
    /// The index of the last slot.
    fn last(&self) -> u64 {
        self.first + self.slots.len() as u64 - 1
    }

    fn forget(&mut self, index: u64) {
        let at = index.checked_sub(self.first).map(|at| at as usize);
        if let Some(slot) = at.and_then(|at| self.slots.get_mut(at)) {
            *slot = None;
        }
        while self.slots.len() > 1 && matches!(self.slots.front(), Some(None)) {
            self.slots.pop_front();
            self.first += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use cascadia_patterns::messaging::Offset;

    use super::*;

    fn put(kept: &mut Kept, indices: std::ops::RangeInclusive<u64>, forgotten: &[u64]) {
        let entry = |index| Entry { index, change: Change::Trimmed(Offset(index)) };
        kept.put(0, &mut indices.map(entry).collect(), &mut forgotten.to_vec());
    }

    fn indices(kept: &Kept) -> Vec<u64> {
        kept.entries(0).map(|entry| entry.index).collect()
    }

    #[test]
    fn a_disk_that_lost_groups_has_what_was_written_before_them() {
        let mut kept = Kept::new(1);
        put(&mut kept, 1..=3, &[]);
        assert_eq!(kept.close(), (1, vec![(0, 3)]));
        put(&mut kept, 4..=5, &[2]);
        assert_eq!(kept.close(), (2, vec![(0, 5)]));
        kept.reopen(1);
        assert_eq!(indices(&kept), [1, 2, 3], "what was forgotten in a lost group is there");
        put(&mut kept, 4..=4, &[1]);
        assert_eq!(kept.close(), (3, vec![(0, 4)]));
        kept.on_safe(3);
        assert_eq!(indices(&kept), [2, 3, 4]);
        kept.reopen(3);
        assert_eq!(indices(&kept), [2, 3, 4]);
    }

    #[test]
    fn entries_go_on_after_the_last_that_is_left() {
        let mut kept = Kept::new(1);
        put(&mut kept, 1..=2, &[]);
        put(&mut kept, 3..=3, &[1, 3]);
        assert_eq!(kept.close(), (1, vec![(0, 3)]));
        kept.on_safe(1);
        kept.reopen(1);
        assert_eq!(indices(&kept), [2]);
        put(&mut kept, 3..=3, &[]);
        assert_eq!(indices(&kept), [2, 3]);
    }
}
