//! What requests are about: one of many keys, some of which are asked for more than others.
//!
//! A cache, a shard or a lock does well or badly by how requests are spread over what they are about.
//! Spread evenly, nothing is ever hot; in the world a few things are asked for by most. The key is
//! drawn for the request by a purpose of its own, so that it shifts nothing else that is drawn, and
//! all that is called for the request is about the same.
//!
//! Zipf's law is sampled by rejection-inversion: W. Hörmann and G. Derflinger, *Rejection-inversion to
//! generate variates from monotone discrete distributions*, ACM TOMACS 6 (1996). Exact but for the
//! rounding of floats, without a table, and at most some 1.1 tries a draw, whatever the number of keys.

use cascadia_runtime::Draw;

/// What the requests of a load are about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Keys {
    /// Each of so many keys as often as any other.
    Uniform {
        /// How many there are.
        of: u32,
    },
    /// Key number k, from 1, as often as 1/k^exponent says.
    Zipf {
        /// How many there are.
        of: u32,
        /// How unequal they are; with 0 they are not.
        exponent: f64,
    },
    /// A few hot keys have a share of the requests, and the others the rest.
    HotSet {
        /// How many there are.
        of: u32,
        /// How many of them are hot: the first.
        hot: u32,
        /// The share of requests that is about those.
        share: f64,
    },
}

/// Draws keys, from 0 on.
#[derive(Clone, Copy, Debug)]
pub(super) enum Sampler {
    Uniform(u32),
    Zipf(Zipf),
    HotSet { of: u32, hot: u32, share: f64 },
}

impl Keys {
    pub(super) fn sampler(self) -> Sampler {
        match self {
            Self::Uniform { of } => Sampler::Uniform(of),
            Self::Zipf { of, exponent } => Sampler::Zipf(Zipf::new(of, exponent)),
            Self::HotSet { of, hot, share } => Sampler::HotSet { of, hot, share },
        }
    }
}

impl Sampler {
    pub(super) fn sample(&self, draw: &mut Draw) -> u32 {
        match self {
            Self::Uniform(of) => below(draw, *of),
            Self::Zipf(zipf) => zipf.sample(draw) - 1,
            Self::HotSet { of, hot, share } if draw.unit() < *share => below(draw, *hot.min(of)),
            Self::HotSet { of, hot, .. } => hot + below(draw, of - hot),
        }
    }
}

/// A number below `bound`, each as likely as any other (D. Lemire, *Fast random integer generation in
/// an interval*, 2019).
fn below(draw: &mut Draw, bound: u32) -> u32 {
    let bound = u64::from(bound);
    let unfair = (1_u64 << 32) % bound;
    loop {
        let product = (draw.next_u64() >> 32) * bound;
        if product & u64::from(u32::MAX) >= unfair {
            return (product >> 32) as u32;
        }
    }
}

/// Zipf's law, ready to be drawn from. With `h(x) = 1/x^exponent`, the names are those of the paper.
#[derive(Clone, Copy, Debug)]
pub(super) struct Zipf {
    of: u32,
    exponent: f64,
    /// `H(1.5) - 1`.
    h_first: f64,
    /// `H(of + 0.5)`.
    h_last: f64,
    /// So close below its number, a draw is accepted without a closer look.
    squeeze: f64,
}

impl Zipf {
    fn new(of: u32, exponent: f64) -> Self {
        let mut zipf = Self { of, exponent, h_first: 0.0, h_last: 0.0, squeeze: 0.0 };
        zipf.h_first = zipf.integral(1.5) - 1.0;
        zipf.h_last = zipf.integral(f64::from(of) + 0.5);
        zipf.squeeze = 2.0 - zipf.inverse(zipf.integral(2.5) - zipf.h(2.0));
        zipf
    }

    fn sample(&self, draw: &mut Draw) -> u32 {
        loop {
            let u = self.h_last + draw.unit() * (self.h_first - self.h_last);
            let x = self.inverse(u);
            // Rounding may lead out of the range, by less than one.
            let k = ((x + 0.5) as u32).clamp(1, self.of);
            let at = f64::from(k);
            if at - x <= self.squeeze || u >= self.integral(at + 0.5) - self.h(at) {
                return k;
            }
        }
    }

    fn h(&self, x: f64) -> f64 {
        libm::exp(-self.exponent * libm::log(x))
    }

    /// `H`, which grows as `h` says and is 0 at 1.
    fn integral(&self, x: f64) -> f64 {
        let log = libm::log(x);
        expm1_by((1.0 - self.exponent) * log) * log
    }

    /// The `x` whose `H` it is.
    fn inverse(&self, integral: f64) -> f64 {
        let by = (integral * (1.0 - self.exponent)).max(-1.0);
        libm::exp(log1p_by(by) * integral)
    }
}

/// Below this, a series is as exact as a float can be.
const SMALL: f64 = 1e-8;

/// `(exp(x) - 1) / x`, also about 0.
fn expm1_by(x: f64) -> f64 {
    if x.abs() > SMALL { libm::expm1(x) / x } else { 1.0 + x / 2.0 * (1.0 + x / 3.0) }
}

/// `log(1 + x) / x`, also about 0.
fn log1p_by(x: f64) -> f64 {
    if x.abs() > SMALL { libm::log1p(x) / x } else { 1.0 - x * (0.5 - x / 3.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWS: u32 = 200_000;

    fn drawn(keys: Keys, of: u32) -> Vec<u32> {
        let sampler = keys.sampler();
        let mut counts = vec![0; of as usize];
        for key in 0..DRAWS {
            let key = cascadia_runtime::mix(7, u64::from(key));
            counts[sampler.sample(&mut Draw::new(key, 0, 0)) as usize] += 1;
        }
        counts
    }

    /// Chi-square against the closed form, of keys together where few are expected: five deviations
    /// above its mean at most.
    fn agrees(counts: &[u32], weight: impl Fn(u32) -> f64, of: &str) {
        let sum: f64 = (1..=counts.len() as u32).map(&weight).sum();
        let (mut square, mut groups) = (0.0, 0.0);
        let (mut expected, mut seen) = (0.0, 0.0);
        for (k, count) in (1..).zip(counts) {
            expected += f64::from(DRAWS) * weight(k) / sum;
            seen += f64::from(*count);
            if expected >= 10.0 || k as usize == counts.len() {
                square += (seen - expected) * (seen - expected) / expected.max(1e-9);
                groups += 1.0;
                (expected, seen) = (0.0, 0.0);
            }
        }
        let most = groups - 1.0 + 5.0 * libm::sqrt(2.0 * f64::max(groups - 1.0, 1.0));
        assert!(square <= most, "{of}: chi-square {square} of {groups} groups, at most {most}");
    }

    #[test]
    fn zipf_is_what_its_closed_form_says() {
        for of in [1, 2, 10, 1_000, 50_000] {
            for exponent in [0.0, 0.5, 0.99, 1.0, 1.000_000_001, 1.5, 3.0] {
                let counts = drawn(Keys::Zipf { of, exponent }, of);
                let weight = |k: u32| libm::pow(f64::from(k), -exponent);
                agrees(&counts, weight, &format!("{exponent} of {of}"));
            }
        }
    }

    #[test]
    fn even_keys_are_even_and_hot_ones_have_their_share() {
        for of in [1, 3, 1_000] {
            agrees(&drawn(Keys::Uniform { of }, of), |_| 1.0, "uniform");
        }
        let (of, hot, share) = (1_000, 10, 0.9);
        let weight = |k: u32| match k <= hot {
            true => share / f64::from(hot),
            false => (1.0 - share) / f64::from(of - hot),
        };
        agrees(&drawn(Keys::HotSet { of, hot, share }, of), weight, "hot set");
    }

    /// The last key and the greatest draws stay in the range.
    #[test]
    fn no_key_is_out_of_range() {
        for of in [1, 2, u32::MAX] {
            for exponent in [0.0, 0.99, 1.0, 20.0] {
                let zipf = Zipf::new(of, exponent);
                for key in 0..1_000 {
                    let k = zipf.sample(&mut Draw::new(cascadia_runtime::mix(3, key), 0, 0));
                    assert!((1..=of).contains(&k), "{k} of {of} by {exponent}");
                }
            }
        }
    }
}
