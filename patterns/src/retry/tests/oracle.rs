//! Delays beside those of another implementation.

use std::time::Duration;

use backon::{BackoffBuilder, ConstantBuilder, ExponentialBuilder};
use cascadia_runtime::Stream;
use proptest::prelude::*;

use crate::retry::Backoff;

fn ours(backoff: Backoff, count: usize) -> Vec<Duration> {
    let (mut delays, mut stream) = (backoff.delays(), Stream::from_seed(1));
    (0..count).map(|_| delays.next(&mut stream)).collect()
}

fn close(ours: Duration, theirs: Duration) -> bool {
    ours.abs_diff(theirs) <= Duration::from_micros(1)
}

proptest! {
    #[test]
    fn bounds_grow_and_end_as_those_of_backon(
        base in 1u64..5_000,
        times in 1u64..200,
        factor in 1.0f32..4.0,
    ) {
        let (base, max) = (Duration::from_millis(base), Duration::from_millis(base * times));
        let builder = ExponentialBuilder::new().with_min_delay(base).with_factor(factor);
        let theirs: Vec<_> = builder.with_max_delay(max).with_max_times(12).build().collect();
        let factor = f64::from(factor);
        for (ours, theirs) in ours(Backoff::Exponential { base, factor, max }, 12).iter().zip(&theirs)
        {
            // Theirs multiplies step by step in single precision.
            prop_assert!(ours.abs_diff(*theirs) <= theirs.mul_f64(1e-5), "{ours:?} {theirs:?}");
        }
        for (ours, bound) in ours(Backoff::FullJitter { base, factor, max }, 12).iter().zip(&theirs) {
            prop_assert!(*ours <= bound.mul_f64(1.000_01));
        }
    }
}

#[test]
fn a_constant_delay_is_constant_in_both() {
    let delay = Duration::from_millis(7);
    let theirs: Vec<_> =
        ConstantBuilder::new().with_delay(delay).with_max_times(5).build().collect();
    let ours = ours(Backoff::Fixed { delay }, 5);
    assert!(ours.iter().zip(&theirs).all(|(ours, theirs)| close(*ours, *theirs)));
}
