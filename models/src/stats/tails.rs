//! How unlikely a count, or a mean, would be by chance alone.
//!
//! Both laws are the incomplete beta function, which is worked out by its continued fraction with
//! Lentz's method (Press et al., *Numerical Recipes*, 6.4).

/// A factor of the fraction that differs from one by less changes nothing any more.
const ENOUGH: f64 = 1e-14;
/// Most factors; it takes about the square root of the counts.
const MOST: u32 = 100_000;
/// Stands for a denominator that is 0.
const TINY: f64 = 1e-300;

/// The probability that of `n` events, each of which is one of those with probability `p`, at most
/// `k` are.
pub fn at_most(k: u64, n: u64, p: f64) -> f64 {
    if k >= n {
        return 1.0;
    }
    beta((n - k) as f64, k as f64 + 1.0, 1.0 - p)
}

/// The probability that at least `k` are.
pub fn at_least(k: u64, n: u64, p: f64) -> f64 {
    if k == 0 {
        return 1.0;
    }
    if k > n {
        return 0.0;
    }
    beta(k as f64, (n - k) as f64 + 1.0, p)
}

/// The probability that a value of Student's law of so many degrees of freedom is beyond `t`, which
/// is not negative.
pub fn student_beyond(t: f64, freedom: f64) -> f64 {
    beta(freedom / 2.0, 0.5, freedom / (freedom + t * t)) / 2.0
}

/// The regularised incomplete beta function.
fn beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return if x <= 0.0 { 0.0 } else { 1.0 };
    }
    let scale = libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b);
    let front = libm::exp(scale + a * libm::log(x) + b * libm::log1p(-x));
    if x < (a + 1.0) / (a + b + 2.0) {
        front * fraction(a, b, x) / a
    } else {
        1.0 - front * fraction(b, a, 1.0 - x) / b
    }
}

fn fraction(a: f64, b: f64, x: f64) -> f64 {
    let apart = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / apart(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for step in 1..MOST {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut factor = 1.0;
        for term in [even, odd] {
            d = 1.0 / apart(1.0 + term * d);
            c = apart(1.0 + term / c);
            factor = d * c;
            value *= factor;
        }
        if (factor - 1.0).abs() < ENOUGH {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The terms, added up.
    fn summed(from: u64, to: u64, n: u64, p: f64) -> f64 {
        let choose = |k: u64| {
            let [n, k] = [n, k].map(|count| count as f64);
            libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0)
        };
        let log = |k: u64| k as f64 * libm::log(p) + (n - k) as f64 * libm::log1p(-p);
        (from..=to).map(|k| libm::exp(choose(k) + log(k))).sum()
    }

    #[test]
    fn tails_of_counts_are_the_sums_of_their_terms() {
        for n in [1, 2, 7, 40, 1000] {
            for p in [0.001, 0.2, 0.5, 0.93] {
                for k in [0, 1, n / 3, n / 2, n - 1, n] {
                    let (low, high) = (summed(0, k, n, p), summed(k, n, n, p));
                    assert!((at_most(k, n, p) - low).abs() < 1e-9, "{k} {n} {p}");
                    assert!((at_least(k, n, p) - high).abs() < 1e-9, "{k} {n} {p}");
                }
            }
        }
    }

    #[test]
    fn great_counts_are_normal() {
        let n = 4_000_000;
        for z in [-3.0_f64, -1.0, 0.5, 2.0] {
            let k = (n as f64 / 2.0 + z * 1_000.0) as u64;
            let normal = libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2) / 2.0;
            assert!((at_most(k, n, 0.5) - normal).abs() < 5e-4, "{z}");
        }
    }

    /// The usual table.
    #[test]
    fn students_law_is_that_of_the_tables() {
        for (t, freedom, beyond) in
            [(6.314, 1.0, 0.05), (2.920, 2.0, 0.05), (3.747, 4.0, 0.01), (2.764, 10.0, 0.01)]
        {
            assert!((student_beyond(t, freedom) - beyond).abs() < 1e-4, "{t} {freedom}");
        }
        assert_eq!(student_beyond(0.0, 3.0), 0.5);
    }
}
