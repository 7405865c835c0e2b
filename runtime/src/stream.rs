use std::hash::BuildHasher;

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

use crate::identity::Identity;
use crate::mix::{GOLDEN, finish, mix};

/// Somebody's source of random numbers.
///
/// One generator for a whole run would tie everything to everything: a service added, or one more
/// draw in a retry, would shift every number after it, and two policies could never be compared
/// under the same arrivals. So every consumer has a stream of its own, derived from the seed by who
/// draws, and for what, alone.
///
/// # Determinism
///
/// The numbers depend on (seed, identity, incarnation) and on nothing else: not on the platform,
/// the build or the order in which streams are made. ChaCha8 (Bernstein 2008) keyed by a fixed mix
/// of these; kept by golden tests.
#[derive(Clone, Debug)]
pub struct Stream(ChaCha8Rng);

impl Stream {
    /// The stream that `who` draws from in its `incarnation`-th life.
    pub fn new(seed: u64, who: Identity, incarnation: u64) -> Self {
        let [low, high] = who.words();
        let mut key = [0; 32];
        for (lane, bytes) in key.chunks_exact_mut(8).enumerate() {
            let start = mix(seed, lane as u64);
            let word = [low, high, incarnation].iter().fold(start, |state, part| mix(state, *part));
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        Self(ChaCha8Rng::from_seed(key))
    }

    /// A stream for code that is not part of a world, such as a test. All that are made from
    /// one seed give the same numbers: clients that waited by them would come back together.
    pub fn from_seed(seed: u64) -> Self {
        Self::new(seed, Identity::new("seed"), 0)
    }

    /// A stream like no other, for production: no other layer, process or host draws the same
    /// numbers.
    ///
    /// ```
    /// use cascadia_runtime::Stream;
    ///
    /// let (mut here, mut there) = (Stream::from_entropy(), Stream::from_entropy());
    /// assert_ne!(here.next_u64(), there.next_u64());
    /// ```
    ///
    /// # Determinism
    ///
    /// None: a run that draws from it cannot be repeated. Lints keep it out of models and policies,
    /// which are handed their streams; in a simulation, hand in somebody's or a seeded one.
    #[expect(clippy::disallowed_types, reason = "this is the stream that nobody hands in")]
    pub fn from_entropy() -> Self {
        // The standard library has the keys of its hash maps from the operating system.
        let keys = std::hash::RandomState::new();
        let mut key = [0; 32];
        for (lane, bytes) in key.chunks_exact_mut(8).enumerate() {
            bytes.copy_from_slice(&keys.hash_one(lane).to_le_bytes());
        }
        Self(ChaCha8Rng::from_seed(key))
    }

    /// 64 random bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number in [0, 1), on the grid of 2⁻⁵³.
    pub fn unit(&mut self) -> f64 {
        to_unit(self.next_u64())
    }

    /// A whole number in [0, bound), unbiased (Lemire 2019).
    ///
    /// # Panics
    ///
    /// When `bound` is zero.
    pub fn below(&mut self, bound: u64) -> u64 {
        assert!(bound > 0, "nothing is below zero");
        loop {
            let wide = u128::from(self.next_u64()) * u128::from(bound);
            let low = wide as u64;
            if low >= bound || low >= bound.wrapping_neg() % bound {
                return (wide >> 64) as u64;
            }
        }
    }

    /// An exponentially distributed number with mean 1.
    pub fn exponential(&mut self) -> f64 {
        -libm::log1p(-self.unit())
    }
}

/// The draws that belong to one step of one request.
///
/// What a request *is* must not depend on who serves it or when, or else two balancers would be
/// compared under different work. So a request carries a 64-bit key, and each of its draws is a
/// fixed mix of the key and the place where it is needed. SplitMix64 (Steele et al. 2014) from
/// that mix serves laws that need several numbers.
#[derive(Clone, Copy, Debug)]
pub struct Draw(u64);

impl Draw {
    /// The draws of the request `key` at `step` in its `attempt`.
    pub fn new(key: u64, step: u64, attempt: u64) -> Self {
        Self(mix(mix(key, step), attempt))
    }

    /// 64 random bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        finish(self.0)
    }

    /// A number in [0, 1), on the grid of 2⁻⁵³.
    pub fn unit(&mut self) -> f64 {
        to_unit(self.next_u64())
    }
}

fn to_unit(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::thread;

    use super::*;

    #[test]
    fn streams_are_golden() {
        let mut stream = Stream::new(42, Identity::new("service").name("db").number(0), 0);
        let first: Vec<u64> = (0..3).map(|_| stream.next_u64()).collect();
        assert_eq!(first, GOLDEN_STREAM);
        let mut draw = Draw::new(7, 1, 2);
        assert_eq!([draw.next_u64(), draw.next_u64()], GOLDEN_DRAW);
    }

    const GOLDEN_STREAM: [u64; 3] =
        [14798053619767931201, 9352121899593536106, 2514300363004452325];
    const GOLDEN_DRAW: [u64; 2] = [5211023905240548345, 13771145995884208967];

    #[test]
    fn every_part_counts() {
        let first = |seed, who: &str, life| Stream::new(seed, Identity::new(who), life).next_u64();
        let all = [first(1, "a", 0), first(2, "a", 0), first(1, "b", 0), first(1, "a", 1)];
        assert_eq!(all.into_iter().collect::<BTreeSet<_>>().len(), all.len());
    }

    /// Made together or apart, on one thread or many.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "it is what is tested")]
    fn streams_from_entropy_have_nothing_in_common() {
        let draw = || [(); 100].map(|()| Stream::from_entropy().next_u64());
        let drawn = thread::scope(|scope| {
            let threads = [(); 8].map(|()| scope.spawn(draw));
            threads.map(|thread| thread.join().unwrap())
        });
        let drawn = drawn.into_iter().flatten();
        assert_eq!(drawn.collect::<BTreeSet<_>>().len(), 800);
    }

    #[test]
    fn below_is_uniform() {
        let mut stream = Stream::from_seed(1);
        let mut counts = [0u32; 6];
        for _ in 0..60_000 {
            counts[stream.below(6) as usize] += 1;
        }
        let chi: f64 =
            counts.iter().map(|&n| (f64::from(n) - 1e4) * (f64::from(n) - 1e4) / 1e4).sum();
        assert!(chi < 20.5, "χ² = {chi} with 5 degrees of freedom, 99.9 % point 20.5");
    }

    #[test]
    fn unit_has_the_moments_of_the_uniform_law() {
        let n = 200_000u32;
        let draws = |step| Draw::new(9, step, 0).unit();
        let mean = (0..u64::from(n)).map(draws).sum::<f64>() / f64::from(n);
        let error = libm::sqrt(1.0 / 12.0 / f64::from(n));
        assert!((mean - 0.5).abs() < 4.0 * error, "mean {mean}");
    }
}
