use std::ops::{Index, IndexMut};

use cascadia_patterns::call::Kind;

/// Requests by the kind of their answer. A success of which nothing more was said is of no kind, and
/// what was never answered is counted by how it ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answers([u64; Kind::ALL.len()]);

impl Index<Kind> for Answers {
    type Output = u64;

    #[inline]
    fn index(&self, kind: Kind) -> &u64 {
        &self.0[kind.index()]
    }
}

impl IndexMut<Kind> for Answers {
    #[inline]
    fn index_mut(&mut self, kind: Kind) -> &mut u64 {
        &mut self.0[kind.index()]
    }
}

impl Answers {
    /// Adds those of another run.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(mine, theirs)| *mine += theirs);
    }

    /// What came between `earlier` and this.
    pub(super) fn since(&self, earlier: &Self) -> Self {
        Self(std::array::from_fn(|at| self.0[at] - earlier.0[at]))
    }

    /// The kinds that there were.
    pub fn occurring(&self) -> impl Iterator<Item = (Kind, u64)> {
        let counts = Kind::ALL.into_iter().zip(self.0);
        counts.filter(|(_, count)| *count > 0)
    }
}
