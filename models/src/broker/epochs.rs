/// In which epochs the entries of a partition were written: two logs that have an entry of the same index and epoch have
/// the same one, and the same before it, as an epoch has one leader.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Epochs(Vec<(u64, u64)>);

impl Epochs {
    /// An entry is added at the end.
    pub(super) fn add(&mut self, epoch: u64, index: u64) {
        if self.last() < epoch {
            self.0.push((epoch, index));
        }
    }

    /// Nothing is left behind an entry.
    pub(super) fn cut(&mut self, end: u64) {
        while self.0.last().is_some_and(|(_, first)| *first > end) {
            self.0.pop();
        }
    }

    /// That of the last entry; zero where there is none.
    pub(super) fn last(&self) -> u64 {
        self.0.last().map_or(0, |(epoch, _)| *epoch)
    }

    /// That of an entry; zero before the first.
    pub(super) fn of(&self, index: u64) -> u64 {
        let before = self.0.partition_point(|(_, first)| *first <= index);
        before.checked_sub(1).map_or(0, |at| self.0[at].0)
    }

    /// The latest epoch here that is not later than another, and the last entry of it in a log that has so many.
    pub(super) fn until(&self, epoch: u64, end: u64) -> (u64, u64) {
        let later = self.0.partition_point(|(own, _)| *own <= epoch);
        let until = self.0.get(later).map_or(end, |(_, first)| first - 1);
        (later.checked_sub(1).map_or(0, |at| self.0[at].0), until)
    }

    /// The first entry at which another log differs, of the first so many.
    pub(super) fn parts_from(&self, other: &Self, until: u64) -> Option<u64> {
        let starts = self.0.iter().chain(&other.0).map(|(_, first)| *first);
        starts.filter(|at| *at <= until && self.of(*at) != other.of(*at)).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epochs(of: &[(u64, u64)]) -> Epochs {
        let mut epochs = Epochs::default();
        of.iter().for_each(|(epoch, index)| epochs.add(*epoch, *index));
        epochs
    }

    #[test]
    fn an_epoch_ends_where_the_next_begins() {
        let epochs = epochs(&[(1, 1), (1, 2), (3, 5), (3, 6), (4, 9)]);
        assert_eq!([0, 1, 4, 5, 8, 9].map(|index| epochs.of(index)), [0, 1, 1, 3, 3, 4]);
        assert_eq!(
            [0, 1, 2, 3, 4, 9].map(|epoch| epochs.until(epoch, 12)),
            [(0, 0), (1, 4), (1, 4), (3, 8), (4, 12), (4, 12)]
        );
    }

    #[test]
    fn logs_part_where_their_epochs_do() {
        let one = epochs(&[(1, 1), (3, 5)]);
        assert_eq!(one.parts_from(&one, 100), None);
        let other = epochs(&[(1, 1), (2, 4), (3, 5)]);
        assert_eq!(one.parts_from(&other, 3), None);
        assert_eq!(other.parts_from(&one, 9), Some(4));
        let mut cut = other.clone();
        cut.cut(4);
        assert_eq!((cut.last(), cut.of(4)), (2, 2));
        cut.cut(3);
        assert_eq!(cut.last(), 1);
    }
}
