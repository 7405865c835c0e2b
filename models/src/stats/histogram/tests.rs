use proptest::prelude::*;

use super::*;

fn of(values: &[u64]) -> Histogram {
    let mut histogram = Histogram::new();
    for value in values {
        histogram.record(*value);
    }
    histogram
}

/// Values of every magnitude, each as likely.
fn value() -> impl Strategy<Value = u64> {
    (any::<u64>(), 0u32..64).prop_map(|(bits, shift)| bits >> shift)
}

fn values() -> impl Strategy<Value = Vec<u64>> {
    let near = (value(), 1u64..5000).prop_flat_map(|(low, width)| {
        prop::collection::vec(low..=low.saturating_add(width), 1..300)
    });
    prop_oneof![prop::collection::vec(value(), 1..300), near]
}

proptest! {
    #[test]
    fn quantiles_share_a_bucket_with_the_order_statistic(
        mut values in values(),
        p in 0.0..=1.0f64,
    ) {
        let histogram = of(&values);
        values.sort_unstable();
        let rank = (p * values.len() as f64).ceil() as usize;
        let exact = values[rank.max(1) - 1];
        let (low, high) = bounds(bucket_of(exact));
        let quantile = histogram.quantile(p).unwrap();
        prop_assert!((low as f64..=high as f64).contains(&quantile), "{quantile} for {exact}");
        prop_assert!((values[0] as f64..=values[values.len() - 1] as f64).contains(&quantile));
    }

    #[test]
    fn quantiles_grow(values in values(), p in 0.0..=1.0f64, q in 0.0..=1.0f64) {
        let histogram = of(&values);
        let [low, high] = [f64::min(p, q), f64::max(p, q)].map(|p| histogram.quantile(p));
        prop_assert!(low <= high);
    }

    #[test]
    fn totals_are_exact(values in values()) {
        let histogram = of(&values);
        let sum: u128 = values.iter().map(|value| u128::from(*value)).sum();
        prop_assert_eq!(histogram.count(), values.len() as u64);
        prop_assert_eq!(histogram.sum(), sum);
        prop_assert_eq!(histogram.mean(), Some(sum as f64 / values.len() as f64));
        prop_assert_eq!(histogram.min(), values.iter().min().copied());
        prop_assert_eq!(histogram.max(), values.iter().max().copied());
        let counted: u64 = histogram.bins().map(|(_, _, count)| count).sum();
        prop_assert_eq!(counted, histogram.count());
    }

    #[test]
    fn the_ends_are_exact(values in prop::collection::vec(0..1u64 << 53, 1..300)) {
        let histogram = of(&values);
        prop_assert_eq!(histogram.quantile(0.0), histogram.min().map(|low| low as f64));
        prop_assert_eq!(histogram.quantile(1.0), histogram.max().map(|high| high as f64));
    }

    #[test]
    fn merging_is_recording_all(a in values(), b in values()) {
        let mut merged = of(&a);
        merged.merge(&of(&b));
        prop_assert_eq!(merged, of(&[a, b].concat()));
    }

    #[test]
    fn below_is_exact_but_for_one_bucket(
        values in values(),
        other in value(),
        pick in any::<prop::sample::Index>(),
    ) {
        let histogram = of(&values);
        for limit in [other, *pick.get(&values)] {
            let (low, high) = bounds(bucket_of(limit));
            let fewest = values.iter().filter(|value| **value < low).count() as f64;
            let most = values.iter().filter(|value| **value <= high).count() as f64;
            prop_assert!((fewest..=most).contains(&histogram.below(limit)));
        }
    }

    #[test]
    fn buckets_hold_their_values(value in value()) {
        let (low, high) = bounds(bucket_of(value));
        prop_assert!((low..=high).contains(&value));
        prop_assert!(high - low < (low / 128).max(1));
        if let Some(next) = high.checked_add(1) {
            prop_assert_eq!(bucket_of(next), bucket_of(value) + 1);
        }
    }
}

#[test]
fn nothing_has_no_quantiles() {
    let empty = Histogram::default();
    assert_eq!([empty.mean(), empty.quantile(0.5), empty.supported_quantile(0.5)], [None; 3]);
    assert_eq!([empty.min(), empty.max()], [None; 2]);
    assert_eq!((empty.count(), empty.sum(), empty.below(7), empty.bins().count()), (0, 0, 0.0, 0));
    let mut merged = of(&[3]);
    merged.merge(&empty);
    assert_eq!(merged, of(&[3]));
    let mut merged = empty;
    merged.merge(&of(&[3]));
    assert_eq!(merged, of(&[3]));
}

#[test]
fn all_of_u64_fits() {
    let histogram = of(&[u64::MAX, 0, u64::MAX]);
    assert_eq!(histogram.counts.len(), 7424);
    assert_eq!(histogram.sum(), 2 * u128::from(u64::MAX));
    assert_eq!((histogram.min(), histogram.max()), (Some(0), Some(u64::MAX)));
    assert_eq!(histogram.quantile(1.0), Some(u64::MAX as f64));
    let top = (u64::MAX - ((1 << 56) - 1), u64::MAX, 2);
    assert!(histogram.bins().eq([(0, 0, 1), top]));
}

#[test]
fn memory_covers_what_is_used_both_ways() {
    let mut histogram = of(&[1000]);
    assert_eq!(histogram.counts.len(), 1);
    histogram.record(1004);
    assert_eq!(histogram.counts.len(), 2);
    histogram.record(990);
    assert_eq!(histogram.counts.len(), 5);
    histogram.record(1_000_000);
    assert_eq!(histogram.counts.len(), bucket_of(1_000_000) - bucket_of(990) + 1);
    let memory = histogram.counts.capacity();
    histogram.clear();
    assert_eq!(histogram, Histogram::new());
    assert_eq!(histogram.counts.capacity(), memory);
}

#[test]
fn small_values_are_exact() {
    let histogram = of(&[5, 5, 5, 9, 255]);
    let quantiles = [0.0, 0.2, 0.5, 0.6, 0.61, 0.8, 1.0].map(|p| histogram.quantile(p));
    assert_eq!(quantiles, [5.0, 5.0, 5.0, 5.0, 9.0, 9.0, 255.0].map(Some));
    let below = [0, 5, 6, 9, 10, 255, 256].map(|limit| histogram.below(limit));
    assert_eq!(below, [0.0, 0.0, 3.0, 3.0, 4.0, 4.0, 5.0]);
}

#[test]
fn a_quantile_needs_ten_values_above_it() {
    for (count, p) in [(20, 0.5), (100, 0.9), (200, 0.95), (1000, 0.99), (10_000, 0.999)] {
        let mut histogram = Histogram::new();
        (0..count - 1).for_each(|value| histogram.record(value));
        assert_eq!(histogram.supported_quantile(p), None);
        histogram.record(0);
        assert!(histogram.supported_quantile(p).is_some());
    }
}

#[test]
fn a_decimal_share_of_a_whole_is_whole() {
    let histogram = of(&(0..100).collect::<Vec<_>>());
    for rank in 1..=100 {
        assert_eq!(histogram.quantile(rank as f64 / 100.0), Some((rank - 1) as f64));
    }
}

const SHARES: [f64; 7] = [0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999];

/// The quantile of the exponential law of mean 1 ms, in nanoseconds.
fn exponential(p: f64) -> f64 {
    -1e6 * libm::log1p(-p)
}

#[test]
fn interpolation_has_no_bias() {
    let mut histogram = Histogram::new();
    for step in 0..1_000_000 {
        histogram.record(exponential((f64::from(step) + 0.5) / 1e6).round() as u64);
    }
    // Further out, single values are further apart.
    for p in SHARES.into_iter().filter(|p| *p <= 0.999) {
        let (found, exact) = (histogram.quantile(p).unwrap(), exponential(p));
        assert!((found / exact - 1.0).abs() < 1e-4, "{p}: {found} for {exact}");
        let limit = exact as u64;
        let found = histogram.below(limit) / 1e6;
        let exact = -libm::expm1(-(limit as f64 - 0.5) / 1e6);
        assert!((found / exact - 1.0).abs() < 1e-4, "{p}: {found} for {exact}");
    }
}

#[test]
fn quantiles_of_a_sample_are_within_noise() {
    let mut draw = cascadia_runtime::Draw::new(1, 2, 3);
    let mut histogram = Histogram::new();
    for _ in 0..1_000_000 {
        histogram.record(exponential(draw.unit()).round() as u64);
    }
    for p in SHARES {
        let noise = 1e6 * libm::sqrt(p / (1.0 - p) / 1e6);
        let (found, exact) = (histogram.quantile(p).unwrap(), exponential(p));
        assert!((found - exact).abs() < 4.0 * noise, "{p}: {found} for {exact} ± {noise}");
    }
}
