use crate::blame::Blame;
use crate::exchange::Cause;

/// Requests that failed, by how and why.
#[derive(Clone, Debug, Default)]
pub struct Causes(Vec<Failures>);

/// Requests that failed in one way, for one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failures {
    /// How.
    pub cause: Cause,
    /// Why.
    pub blame: Blame,
    /// How many.
    pub count: u64,
    /// The key of the first of them; of several runs, in the first of these that had any.
    pub first: u64,
}

impl Causes {
    /// Adds failures to those of the same kind.
    pub(crate) fn add(&mut self, failures: Failures) {
        let Failures { cause, blame, count, .. } = failures;
        let known = self.0.iter_mut().find(|it| it.cause == cause && it.blame == blame);
        match known {
            Some(known) => known.count += count,
            None => self.0.push(failures),
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        other.0.iter().for_each(|failures| self.add(*failures));
    }

    /// The most frequent first, and of equally frequent ones that which was met first.
    pub fn by_count(&self) -> Vec<Failures> {
        let mut causes = self.0.clone();
        causes.sort_by_key(|failures| std::cmp::Reverse(failures.count));
        causes
    }
}
