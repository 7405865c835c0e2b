/// From values to the height of a panel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    logarithmic: bool,
}

impl Scale {
    /// From zero to at least `high`, ending on a round number.
    pub(super) fn from_zero(high: f64) -> Self {
        let high = if high.is_finite() && high > 0.0 { high } else { 1.0 };
        let step = round_step(high / 4.0);
        Self { low: 0.0, high: (high / step - 1e-9).ceil() * step, logarithmic: false }
    }

    /// Logarithmic over whole steps of 1, 2, 5, 10 around the positive values `low` to `high`.
    pub(super) fn logarithmic(low: f64, high: f64) -> Self {
        let steps = one_two_five();
        let below = steps.iter().copied().rfind(|&step| step <= low);
        let above = steps.iter().copied().find(|&step| step >= high && Some(step) != below);
        Self {
            low: below.unwrap_or(1.0),
            high: above.unwrap_or_else(|| high.max(2.0)),
            logarithmic: true,
        }
    }

    /// How high a value stands: 0 at the bottom, 1 at the top.
    pub(super) fn share(self, value: f64) -> f64 {
        let share = if self.logarithmic {
            let low = libm::log10(self.low);
            (libm::log10(value.max(self.low)) - low) / (libm::log10(self.high) - low)
        } else {
            (value - self.low) / (self.high - self.low)
        };
        share.clamp(0.0, 1.0)
    }

    /// At most about `wanted` round values to label.
    pub(super) fn ticks(self, wanted: usize) -> Vec<f64> {
        if !self.logarithmic {
            let step = round_step(self.high / wanted.max(1) as f64);
            let count = (self.high / step + 1e-9).floor() as usize;
            return (0..=count).map(|index| index as f64 * step).collect();
        }
        let inside: Vec<f64> = one_two_five()
            .into_iter()
            .filter(|&step| step >= self.low && step <= self.high)
            .collect();
        if inside.len() <= wanted {
            return inside;
        }
        inside.into_iter().filter(|&step| leading_digit(step) == 1).collect()
    }
}

/// The smallest of 1, 2, 5 times a power of ten that is no less than `least`.
pub(super) fn round_step(least: f64) -> f64 {
    let mut power = 1.0;
    while power > least {
        power /= 10.0;
    }
    while power * 10.0 <= least {
        power *= 10.0;
    }
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|&step| step >= least * (1.0 - 1e-9))
        .unwrap_or(power * 10.0)
}

/// 1, 2, 5, 10 … up to a day in nanoseconds.
fn one_two_five() -> Vec<f64> {
    (0..14)
        .map(|exponent| 10u64.pow(exponent))
        .flat_map(|power| [power, 2 * power, 5 * power])
        .map(|step| step as f64)
        .collect()
}

fn leading_digit(step: f64) -> u64 {
    let mut digits = step as u64;
    while digits >= 10 {
        digits /= 10;
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linear_scales_begin_at_zero_and_end_round() {
        let scale = Scale::from_zero(1213.0);
        assert_eq!(scale.ticks(4), [0.0, 500.0, 1000.0, 1500.0]);
        assert_eq!(scale.share(0.0), 0.0);
        assert_eq!(scale.share(1500.0), 1.0);
        assert_eq!(Scale::from_zero(f64::NAN), Scale::from_zero(1.0));
    }

    #[test]
    fn logarithmic_scales_give_a_decade_the_same_height() {
        let scale = Scale::logarithmic(1.1e6, 0.9e9);
        assert_eq!(scale.ticks(4), [1e6, 1e7, 1e8, 1e9]);
        assert!((scale.share(1e7) - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!(scale.share(0.0), 0.0);
        assert_eq!(Scale::logarithmic(12e6, 18e6).ticks(6), [1e7, 2e7]);
        assert_eq!(Scale::logarithmic(2e6, 2e6).ticks(6), [2e6, 5e6]);
    }

    #[test]
    fn steps_are_one_two_five() {
        let cases = [(0.3, 0.5), (1.0, 1.0), (1.1, 2.0), (26.0, 50.0), (70.0, 100.0)];
        for (least, step) in cases {
            assert!((round_step(least) - step).abs() < 1e-12, "{least}");
        }
    }
}
