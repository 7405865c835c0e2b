/// The whole number of nanoseconds nearest to `value`, halves away from zero; zero for what is
/// negative or no number, [`u64::MAX`] for what is more.
///
/// As [`f64::round`] gives it, but that is a call into the C library where the processor at hand
/// may lack the instruction.
#[inline]
pub(crate) fn nearest(value: f64) -> u64 {
    let below = value as u64;
    below.saturating_add(u64::from(value - below as f64 >= 0.5))
}

#[cfg(test)]
mod tests {
    use super::nearest;
    use proptest::prelude::*;

    #[test]
    fn halves_go_up_and_the_ends_hold() {
        let cases = [(0.5, 1), (0.499_999_999_999_999_94, 0), (2.5, 3), (-0.7, 0), (f64::NAN, 0)];
        for (value, expected) in cases {
            assert_eq!(nearest(value), expected, "{value}");
        }
        assert_eq!(nearest(f64::INFINITY), u64::MAX);
        assert_eq!(nearest(1e300), u64::MAX);
    }

    proptest! {
        #[test]
        fn it_rounds_like_round(value in prop::num::f64::POSITIVE | prop::num::f64::ZERO) {
            prop_assert_eq!(nearest(value), value.round() as u64);
        }

        #[test]
        fn it_rounds_durations_like_round(value in 0.0..1e18) {
            prop_assert_eq!(nearest(value), value.round() as u64);
        }
    }
}
