use crate::result::Tally;

/// The 97.5 % quantile of the normal distribution: 95 % lie within plus or minus this.
const Z: f64 = 1.959_963_984_540_054;

/// *k* of *n* successes with the 95 % score interval.
///
/// The textbook interval (share ± 1.96 standard errors) is empty at 0 of *n* and *n* of *n*, the
/// two most common answers of a sweep. Wilson's stays honest there: 20 of 20 says only that the
/// true share is above 84 %. Without trials nothing is known, and the interval is 0 to 1.
///
/// # Panics
///
/// If more passed than were tried.
pub fn tally(passed: u64, of: u64) -> Tally {
    assert!(passed <= of, "{passed} of {of} cannot pass");
    if of == 0 {
        return Tally { passed, of, low: 0.0, high: 1.0 };
    }
    let n = of as f64;
    let share = passed as f64 / n;
    let scale = 1.0 + Z * Z / n;
    let centre = (share + Z * Z / (2.0 * n)) / scale;
    let half = Z / scale * libm::sqrt(share * (1.0 - share) / n + Z * Z / (4.0 * n * n));
    let low = if passed == 0 { 0.0 } else { centre - half };
    let high = if passed == of { 1.0 } else { centre + half };
    Tally { passed, of, low, high }
}

#[cfg(test)]
mod tests {
    use super::tally;

    fn check(passed: u64, of: u64, low: f64, high: f64) {
        let tally = tally(passed, of);
        assert_eq!((tally.passed, tally.of), (passed, of));
        assert!((tally.low - low).abs() < 5e-5, "{tally:?} but low should be {low}");
        assert!((tally.high - high).abs() < 5e-5, "{tally:?} but high should be {high}");
    }

    /// Newcombe (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    #[test]
    fn agrees_with_published_values() {
        check(81, 263, 0.2553, 0.3662);
        check(15, 148, 0.0624, 0.1605);
        check(0, 20, 0.0, 0.1611);
        check(1, 29, 0.0061, 0.1718);
    }

    #[test]
    fn is_symmetric_and_honest_at_the_ends() {
        check(20, 20, 0.8389, 1.0);
        check(0, 0, 0.0, 1.0);
        assert!((tally(3, 10).low - (1.0 - tally(7, 10).high)).abs() < 1e-12);
    }

    #[test]
    #[should_panic(expected = "cannot pass")]
    fn refuses_more_successes_than_trials() {
        tally(2, 1);
    }
}
