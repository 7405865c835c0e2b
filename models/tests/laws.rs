//! The laws of durations against their closed forms.

use std::f64::consts::{FRAC_1_SQRT_2, PI, SQRT_2};

use cascadia_models::laws::Law;
use cascadia_runtime::Draw;

const MS: f64 = 1e6;
const DRAWS: u64 = 200_000;

/// A law, its variance and its distribution function.
type Case = (Law, f64, fn(f64) -> f64);

/// Durations around `unit` nanoseconds; variances and functions are of multiples of it.
fn cases(unit: f64) -> Vec<Case> {
    vec![
        (Law::Uniform { low: unit, high: 4.0 * unit }, 0.75, |x| ((x - 1.0) / 3.0).clamp(0.0, 1.0)),
        (Law::Exponential { mean: unit }, 1.0, exponential),
        (Law::LogNormal { median: unit, sigma: 0.5 }, libm::exp(0.25) * libm::expm1(0.25), |x| {
            normal(libm::log(x) / 0.5)
        }),
        (Law::Erlang { stages: 3, mean: 3.0 * unit }, 3.0, |x| poisson_tail(3, x)),
        (Law::Erlang { stages: 30, mean: 30.0 * unit }, 30.0, |x| poisson_tail(30, x)),
        (
            Law::Hyperexponential { branches: vec![(0.75, unit), (0.25, 5.0 * unit)] },
            2.0 * (0.75 + 0.25 * 25.0) - 4.0,
            |x| 0.75 * exponential(x) + 0.25 * exponential(x / 5.0),
        ),
        (Law::Pareto { min: unit, shape: 6.0 }, 6.0 / 25.0 / 4.0, |x| 1.0 - libm::pow(x, -6.0)),
        (
            Law::BoundedPareto { min: unit, max: 10.0 * unit, shape: 1.5 },
            bounded_moment(2.0) - libm::pow(bounded_moment(1.0), 2.0),
            |x| (1.0 - libm::pow(x, -1.5)) / (1.0 - libm::pow(10.0, -1.5)),
        ),
        (Law::Gamma { shape: 0.5, mean: 0.5 * unit }, 0.5, |x| libm::erf(libm::sqrt(x))),
        (Law::Gamma { shape: 1.5, mean: 1.5 * unit }, 1.5, |x| {
            libm::erf(libm::sqrt(x)) - 2.0 * libm::sqrt(x / PI) * libm::exp(-x)
        }),
        (Law::Gamma { shape: 20.0, mean: 20.0 * unit }, 20.0, |x| poisson_tail(20, x)),
        (Law::Weibull { shape: 2.0, scale: unit }, 1.0 - PI / 4.0, |x| exponential(x * x)),
        (
            Law::AbsNormal { mean: unit, sd: unit },
            2.0 - libm::pow(normal(1.0) - normal(-1.0) + 2.0 * density(1.0), 2.0),
            |x| normal(x - 1.0) - normal(-x - 1.0),
        ),
        (
            Law::Empirical { points: vec![(0.0, 0.0), (0.5, unit), (1.0, 3.0 * unit)] },
            (1.0 / 3.0 + 13.0 / 3.0) / 2.0 - 1.25 * 1.25,
            |x| if x < 1.0 { x / 2.0 } else { (x + 1.0) / 4.0 },
        ),
        (
            Law::Mixture {
                branches: vec![
                    (0.75, Law::Exponential { mean: unit }),
                    (0.25, Law::Uniform { low: unit, high: 4.0 * unit }),
                ],
            },
            1.359_375,
            |x| 0.75 * exponential(x) + 0.25 * ((x - 1.0) / 3.0).clamp(0.0, 1.0),
        ),
    ]
}

fn exponential(x: f64) -> f64 {
    -libm::expm1(-x)
}

fn normal(z: f64) -> f64 {
    libm::erfc(-z * FRAC_1_SQRT_2) / 2.0
}

fn density(z: f64) -> f64 {
    libm::exp(-z * z / 2.0) / libm::sqrt(2.0 * PI)
}

/// The chance of `stages` or more arrivals of a Poisson process within `x`.
fn poisson_tail(stages: u32, x: f64) -> f64 {
    let mut term = libm::exp(-x);
    let mut fewer = 0.0;
    for arrivals in 1..=stages {
        fewer += term;
        term *= x / f64::from(arrivals);
    }
    1.0 - fewer
}

/// A moment of the Pareto law of shape 1.5 cut to [1, 10].
fn bounded_moment(order: f64) -> f64 {
    let area = (libm::pow(10.0, order - 1.5) - 1.0) / (order - 1.5);
    1.5 * area / (1.0 - libm::pow(10.0, -1.5))
}

/// What `law` gives to many requests, in milliseconds.
fn sample(law: &Law) -> Vec<f64> {
    (0..DRAWS).map(|key| law.sample(&mut Draw::new(key, 1, 0)) as f64 / MS).collect()
}

#[test]
fn moments_are_those_of_the_law() {
    for (law, variance, _) in cases(MS) {
        let sample = sample(&law);
        let moment = |order: f64, centre: f64| {
            let powers = sample.iter().map(|x| libm::pow(x - centre, order));
            powers.sum::<f64>() / DRAWS as f64
        };
        let mean = law.mean() / MS;
        let found = moment(1.0, 0.0);
        let noise = libm::sqrt(variance / DRAWS as f64);
        assert!((found - mean).abs() < 4.0 * noise, "{law:?}: mean {found} for {mean} ± {noise}");
        let found = moment(2.0, mean);
        let noise = libm::sqrt((moment(4.0, mean) - variance * variance) / DRAWS as f64);
        assert!(
            (found - variance).abs() < 4.0 * noise,
            "{law:?}: {found} for {variance} ± {noise}"
        );
    }
}

#[test]
fn distributions_are_those_of_the_law() {
    for (law, _, below) in cases(MS) {
        let mut sample = sample(&law);
        sample.sort_unstable_by(f64::total_cmp);
        let distance = |(rank, x): (usize, &f64)| {
            let exact = below(*x);
            let low = exact - rank as f64 / DRAWS as f64;
            low.abs().max((low - 1.0 / DRAWS as f64).abs())
        };
        let distance = sample.iter().enumerate().map(distance).fold(0.0, f64::max);
        // Kolmogorov: above it in one of a thousand samples.
        let limit = 1.95 / libm::sqrt(DRAWS as f64);
        assert!(distance < limit, "{law:?}: {distance} above {limit}");
    }
}

#[test]
fn half_lies_below_the_median() {
    for (law, _, below) in cases(MS) {
        let half = below(law.median() / MS);
        assert!((half - 0.5).abs() < 1e-12, "{law:?}: {half}");
    }
    assert_eq!(Law::Constant(7.0).median(), 7.0);
    for shape in [999.999, 1000.0] {
        let median = Law::Gamma { shape, mean: shape }.median();
        assert!((median - shape + 1.0 / 3.0 - 8.0 / 405.0 / shape).abs() < 1e-7, "{median}");
    }
    assert_eq!(Law::AbsNormal { mean: -5.0, sd: 0.0 }.median(), 5.0);
}

#[test]
fn means_at_the_edges_of_their_formulas() {
    assert_eq!(Law::Constant(7.0).mean(), 7.0);
    assert_eq!(Law::Pareto { min: 1.0, shape: 1.0 }.mean(), f64::INFINITY);
    assert_eq!(Law::AbsNormal { mean: -5.0, sd: 0.0 }.mean(), 5.0);
    assert!((Law::AbsNormal { mean: 0.0, sd: 1.0 }.mean() - SQRT_2 / libm::sqrt(PI)).abs() < 1e-15);
    let cut = |shape| Law::BoundedPareto { min: 2.0, max: 20.0, shape }.mean();
    let at_one = 2.0 * libm::log(10.0) / 0.9;
    assert!((cut(1.0) - at_one).abs() < 1e-14);
    assert!((cut(1.0 + 1e-9) - at_one).abs() < 1e-8);
}

#[test]
fn means_within_a_limit_are_those_of_the_law() {
    for (law, ..) in cases(MS) {
        let sample = sample(&law);
        for limit in [0.3, 1.0, 2.0, 3.5, 20.0, 40.0] {
            let cut = sample.iter().map(|x| x.min(limit));
            let found = cut.clone().sum::<f64>() / DRAWS as f64;
            let squares = cut.map(|x| (x - found) * (x - found)).sum::<f64>();
            let noise = libm::sqrt(squares) / DRAWS as f64;
            let mean = law.mean_within(limit * MS) / MS;
            let near = (found - mean).abs() <= 4.0 * noise + 1e-6;
            assert!(near, "{law:?} within {limit}: {found} for {mean} ± {noise}");
        }
        let (all, mean) = (law.mean_within(1e18), law.mean());
        assert!((all / mean - 1.0).abs() < 1e-9, "{law:?}: {all} for {mean}");
        assert!(law.mean_within(1.0) <= 1.0, "{law:?}");
    }
}

#[test]
fn the_distribution_function_is_the_closed_form() {
    for (law, _, below) in cases(MS) {
        for share in [0.001, 0.2, 0.5, 0.9, 0.999] {
            let x = law.median() / MS * share * 3.0;
            let (found, expected) = (law.below(x * MS), below(x).clamp(0.0, 1.0));
            assert!((found - expected).abs() < 1e-9, "{law:?} at {x}: {found} for {expected}");
        }
        assert_eq!(law.below(-1.0), 0.0, "{law:?}");
        assert!((law.below(law.median()) - 0.5).abs() < 1e-9, "{law:?}");
    }
}

/// Where the rare part of a law makes its mean.
#[test]
fn what_is_too_rare_to_happen_counts_for_no_more_than_the_limit() {
    let (second, years) = (1e9, 3e18);
    for law in [
        Law::Hyperexponential { branches: vec![(1.0 - 1e-9, 1.0), (1e-9, years)] },
        Law::Pareto { min: 1.0, shape: 0.9 },
        Law::BoundedPareto { min: 1.0, max: years, shape: 0.9 },
        Law::Gamma { shape: 1e-9, mean: second },
        Law::LogNormal { median: 1.0, sigma: 7.0 },
        Law::Weibull { shape: 0.1, scale: 1.0 },
        Law::Empirical { points: vec![(0.0, 0.0), (1.0 - 1e-9, 1.0), (1.0, years)] },
    ] {
        let within = law.mean_within(second);
        assert!(within < law.mean() && within < 1e-2 * second, "{law:?}: {within}");
    }
    assert_eq!(Law::Gamma { shape: 1e300, mean: 5.0 }.mean_within(second), 5.0);
    assert_eq!(Law::AbsNormal { mean: -5.0, sd: 0.0 }.mean_within(second), 5.0);
    assert_eq!(Law::LogNormal { median: 5.0, sigma: 0.0 }.mean_within(3.0), 3.0);
}

#[test]
fn samples_are_golden() {
    let first = |(law, ..): &Case| {
        let mut draw = Draw::new(1, 2, 3);
        [law.sample(&mut draw), law.sample(&mut draw), law.sample(&mut draw)]
    };
    let found: Vec<[u64; 3]> = cases(1e15).iter().map(first).collect();
    assert_eq!(found, GOLDEN);
}

/// In the order of [`cases`].
const GOLDEN: [[u64; 3]; 15] = [
    [3_450_515_854_369_575, 1_514_158_869_826_120, 1_487_898_834_461_370],
    [1_697_387_646_578_723, 188_001_203_424_598, 177_492_767_967_583],
    [1_570_967_075_743_212, 622_289_025_310_280, 611_495_854_658_589],
    [2_062_881_617_970_904, 3_533_298_760_913_098, 4_104_093_263_264_178],
    [34_864_178_933_439_404, 24_624_846_857_605_356, 32_622_150_498_066_140],
    [940_006_017_122_989, 2_230_124_434_269_155, 97_886_814_337_820],
    [1_326_969_725_830_793, 1_031_829_596_653_768, 1_030_024_025_805_853],
    [2_839_532_026_696_814, 1_128_611_222_217_666, 1_121_028_457_457_401],
    [1_710_709_274_961_916, 2_535_351_449_644_760, 419_290_876_312_650],
    [2_439_745_184_162_852, 394_067_441_614_585, 1_831_347_925_752_349],
    [23_951_099_570_881_772, 15_618_868_317_751_884, 22_090_534_845_867_152],
    [1_302_838_304_080_258, 433_591_055_517_290, 421_298_905_727_968],
    [1_903_382_803_076_824, 51_298_753_495_585, 16_305_794_300_118],
    [2_267_354_472_492_767, 342_772_579_884_080, 325_265_889_640_913],
    [1_514_158_869_826_120, 2_230_124_434_269_155, 97_886_814_337_820],
];

#[test]
fn durations_too_long_saturate() {
    let sample = |law: Law| law.sample(&mut Draw::new(1, 2, 3));
    assert_eq!(sample(Law::Constant(1e30)), u64::MAX);
    assert_eq!(sample(Law::Pareto { min: 1e300, shape: 1e-3 }), u64::MAX);
    assert_eq!([0.0, 1.4, 1.5].map(|value| sample(Law::Constant(value))), [0, 1, 2]);
    assert_eq!(sample(Law::Gamma { shape: 1e-9, mean: 1.0 }), 0);
    assert!(sample(Law::AbsNormal { mean: -3.0, sd: 1e-9 }) == 3);
}

#[test]
fn good_laws_pass_the_check() {
    for (law, ..) in cases(MS) {
        assert_eq!(law.check(), Ok(()), "{law:?}");
    }
    assert_eq!(Law::Constant(0.0).check(), Ok(()));
}

#[test]
fn bad_laws_are_told_why() {
    let branches = |branches: &[(f64, f64)]| Law::Hyperexponential { branches: branches.to_vec() };
    let points = |points: &[(f64, f64)]| Law::Empirical { points: points.to_vec() };
    let nan = f64::NAN;
    for (law, why) in [
        (Law::Constant(-1.0), "the value must not be negative, not -1"),
        (
            Law::Uniform { low: 2.0, high: 1.0 },
            "the lower end, 2, must not be above the upper end, 1",
        ),
        (Law::Exponential { mean: nan }, "the mean must be finite, not NaN"),
        (Law::LogNormal { median: 1.0, sigma: -0.5 }, "sigma must not be negative, not -0.5"),
        (
            Law::Erlang { stages: 0, mean: 1.0 },
            "the number of stages must be greater than 0, not 0",
        ),
        (Law::Pareto { min: 0.0, shape: 1.0 }, "the minimum must be greater than 0, not 0"),
        (
            Law::BoundedPareto { min: 1.0, max: 1.0, shape: 1.0 },
            "the minimum, 1, must be below the maximum, 1",
        ),
        (Law::Gamma { shape: 0.0, mean: 1.0 }, "the shape must be greater than 0, not 0"),
        (Law::Weibull { shape: 1.0, scale: 1.0 / 0.0 }, "the scale must be finite, not inf"),
        (Law::AbsNormal { mean: nan, sd: 1.0 }, "the mean must be finite, not NaN"),
        (branches(&[]), "the weights must sum to 1, not 0"),
        (branches(&[(0.5, 1.0), (0.4, 1.0)]), "the weights must sum to 1, not 0.9"),
        (branches(&[(1.0, 0.0)]), "each mean must be greater than 0, not 0"),
        (points(&[]), "the probabilities must go from 0 to 1"),
        (points(&[(0.0, 1.0), (0.9, 2.0)]), "the probabilities must go from 0 to 1"),
        (
            points(&[(0.0, 1.0), (0.5, 2.0), (0.5, 3.0), (1.0, 4.0)]),
            "the probabilities must increase, but 0.5 follows 0.5",
        ),
        (points(&[(0.0, 2.0), (1.0, 1.0)]), "the values must not decrease, but 1 follows 2"),
    ] {
        assert_eq!(law.check(), Err(why.to_owned()));
    }
}
