use crate::blame::Blame;
use crate::exchange::Cause;

/// Requests that failed, by how and why.
#[derive(Clone, Debug, Default)]
pub struct Causes(Vec<(Cause, Blame, u64)>);

impl Causes {
    pub(crate) fn add(&mut self, cause: Cause, blame: Blame, count: u64) {
        let known = self.0.iter_mut().find(|(how, why, _)| *how == cause && *why == blame);
        match known {
            Some((_, _, known)) => *known += count,
            None => self.0.push((cause, blame, count)),
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        for &(cause, blame, count) in &other.0 {
            self.add(cause, blame, count);
        }
    }

    /// The most frequent first, and of equally frequent ones that which was met first.
    pub fn by_count(&self) -> Vec<(Cause, Blame, u64)> {
        let mut causes = self.0.clone();
        causes.sort_by_key(|(_, _, count)| std::cmp::Reverse(*count));
        causes
    }
}
