use cascadia_runtime::{Identity, Stream};

/// Draws the choices of a scenario.
pub(crate) struct Dice(Stream);

impl Dice {
    pub(super) fn new(seed: u64, again: u64) -> Self {
        Self(Stream::new(seed, Identity::new("generated"), again))
    }

    /// A whole number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.0.below(high.saturating_sub(low) + 1)
    }

    /// The same where each order of magnitude is as likely as every other.
    pub(super) fn magnitude(&mut self, low: u64, high: u64) -> u64 {
        let (bottom, top) = (log(low), log(high));
        let drawn = (bottom + self.0.unit() * (top - bottom)).exp2() as u64;
        drawn.clamp(low, high.max(low))
    }

    /// Whether something comes that happens so many times in a hundred.
    pub(super) fn chance(&mut self, percent: u64) -> bool {
        self.0.below(100) < percent
    }

    /// One of several.
    pub(super) fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.0.below(of.len() as u64) as usize].clone()
    }

    /// One of several, each as likely as its weight says.
    pub(super) fn weighted<T: Clone>(&mut self, of: &[(u64, T)]) -> T {
        let sum = of.iter().map(|(weight, _)| weight).sum();
        let mut left = self.0.below(sum);
        let (_, chosen) = of
            .iter()
            .find(|(weight, _)| {
                let here = left < *weight;
                left = left.saturating_sub(*weight);
                here
            })
            .expect("the weights sum to what was drawn below");
        chosen.clone()
    }

    /// Puts a list into any order.
    pub(super) fn shuffle<T>(&mut self, list: &mut [T]) {
        for end in (1..list.len()).rev() {
            let other = self.0.below(end as u64 + 1) as usize;
            list.swap(end, other);
        }
    }
}

fn log(number: u64) -> f64 {
    (number.max(1) as f64).log2()
}
