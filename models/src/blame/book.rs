use std::num::NonZeroU32;

use super::Blame;

/// Everything that was to blame in a run, once each: an error carries a number.
#[derive(Default)]
pub(crate) struct Book(Vec<Blame>);

/// The number of a blame in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BlameId(NonZeroU32);

impl Book {
    /// The number of a blame. There are as many as ways to fail, and not as failures.
    pub(crate) fn enter(&mut self, blame: Blame) -> BlameId {
        let known = self.0.iter().position(|known| *known == blame);
        let place = known.unwrap_or_else(|| {
            self.0.push(blame);
            self.0.len() - 1
        });
        let number = u32::try_from(place).ok().and_then(|place| NonZeroU32::MIN.checked_add(place));
        BlameId(number.expect("a plan is no giant"))
    }

    pub(crate) fn read(&self, BlameId(number): BlameId) -> Blame {
        self.0[number.get() as usize - 1]
    }
}
