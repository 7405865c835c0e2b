use std::collections::BTreeMap;

/// What a step has led to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    /// The messages that were delivered, and which attempt that is, if that counts.
    pub(super) delivered: Vec<(u32, Option<u32>)>,
    /// Those that are dead letters.
    pub(super) letters: Vec<u32>,
    /// What whoever asked was told.
    pub(super) told: Option<String>,
}

impl Outcome {
    /// How much there is of what may come.
    pub(super) fn size(&self) -> usize {
        self.delivered.len() + self.letters.len()
    }

    /// In which it differs from what is wanted, where `seen` was delivered before and the order of the rest counts or not.
    pub(super) fn differs(
        &self,
        wanted: &Self,
        seen: impl Fn(u32) -> bool,
        is_ordered: bool,
    ) -> Option<String> {
        let sorted = |of: &Self| (counted(&of.delivered), counted(&of.letters), of.told.clone());
        let fresh = |of: &Self| -> Vec<u32> {
            let numbers = of.delivered.iter().map(|(number, _)| *number);
            numbers.filter(|number| !seen(*number)).collect()
        };
        let is_same = sorted(self) == sorted(wanted);
        let is_in_order = !is_ordered || fresh(self) == fresh(wanted);
        (!is_same || !is_in_order).then(|| format!("{self:?} instead of {wanted:?}"))
    }
}

fn counted<T: Ord + Clone>(all: &[T]) -> BTreeMap<T, usize> {
    let mut counts = BTreeMap::new();
    all.iter().for_each(|one| *counts.entry(one.clone()).or_default() += 1);
    counts
}
