use std::collections::VecDeque;

use cascadia_patterns::messaging::partition::Entry;

use super::epochs::Epochs;
use super::shelf::Shelf;

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

impl Kept {
    pub(super) fn new(partitions: usize) -> Self {
        let shelves = (0..partitions).map(|_| Shelf::default()).collect();
        Self { shelves, group: 1, touched: Vec::new(), forgotten: VecDeque::new() }
    }

    /// How many entries there is room for.
    pub(super) fn len(&self) -> u64 {
        self.shelves.iter().map(Shelf::len).sum()
    }

    /// A partition writes something down, and says what it needs no more.
    pub(super) fn put(&mut self, at: usize, entries: &mut Vec<Entry>, forgotten: &mut Vec<u64>) {
        let shelf = &mut self.shelves[at];
        if !entries.is_empty() && shelf.newest < self.group {
            shelf.newest = self.group;
            self.touched.push(at);
        }
        for Entry { index, change } in entries.drain(..) {
            self.shelves[at].push(index, self.group, change);
        }
        self.forget(at, forgotten.drain(..));
    }

    /// Something is needed no more, once what was put until now is safe.
    pub(super) fn forget(&mut self, at: usize, indices: impl IntoIterator<Item = u64>) {
        let group = self.group;
        self.forgotten.extend(indices.into_iter().map(|index| (group, at, index)));
    }

    /// As [`put`](Self::put), of who leads the partition in an epoch.
    pub(super) fn put_in(&mut self, at: usize, epoch: u64, entries: &mut Vec<Entry>) {
        if let Some(first) = entries.first() {
            self.shelves[at].epochs.add(epoch, first.index);
        }
        self.put(at, entries, &mut Vec::new());
    }

    /// As [`put`](Self::put), of who follows, with the epochs of who leads. What is not among the entries is needed no
    /// more.
    pub(super) fn put_copies(&mut self, at: usize, entries: Vec<Entry>, epochs: Epochs) {
        self.put(at, &mut { entries }, &mut Vec::new());
        let shelf = &mut self.shelves[at];
        shelf.epochs = epochs;
        shelf.epochs.cut(shelf.end());
    }

    /// Drops what a partition has behind an entry.
    pub(super) fn cut(&mut self, at: usize, end: u64) {
        self.shelves[at].cut(end);
        self.forgotten.retain(|(_, of, index)| *of != at || *index <= end);
    }

    /// The last entry of a partition, written or not.
    pub(super) fn end(&self, at: usize) -> u64 {
        self.shelves[at].end()
    }

    /// Up to where a partition is on the disk that has the groups up to this.
    pub(super) fn written(&self, at: usize, group: u64) -> u64 {
        self.shelves[at].written(group)
    }

    /// In which epochs a partition was written.
    pub(super) fn epochs(&self, at: usize) -> &Epochs {
        &self.shelves[at].epochs
    }

    /// At most so many entries from an index on.
    pub(super) fn from(&self, at: usize, index: u64, most: usize) -> Vec<Entry> {
        self.shelves[at].from(index).take(most).collect()
    }

    /// The group that was gathered is to be written: which one, and the last entry of each partition in it.
    pub(super) fn close(&mut self) -> (u64, Vec<(usize, u64)>) {
        self.group += 1;
        self.touched.sort_unstable();
        let Self { touched, shelves, .. } = self;
        (self.group - 1, touched.drain(..).map(|at| (at, shelves[at].end())).collect())
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
        self.shelves.iter_mut().for_each(|shelf| shelf.reopen(group));
    }

    /// The entries of a partition.
    pub(super) fn entries(&self, at: usize) -> impl Iterator<Item = Entry> {
        self.shelves[at].from(0)
    }
}

#[cfg(test)]
mod tests {
    use cascadia_patterns::messaging::Offset;
    use cascadia_patterns::messaging::partition::Change;

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
