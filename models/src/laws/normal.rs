//! The standard normal law.

/// The inverse of its distribution function at the middle of the step of 2⁻⁵³ that begins at `u`:
/// antisymmetric, and finite at both ends (±8.3).
///
/// Algorithm AS 241 (Wichura 1988, PPND16), exact to about 10⁻¹⁶.
pub(super) fn inverse(u: f64) -> f64 {
    let q = (u - 0.5) + HALF_STEP;
    if q.abs() <= 0.425 {
        return q * ratio(0.180_625 - q * q, &CENTRE);
    }
    let tail = libm::sqrt(-libm::log(0.5 - q.abs()));
    let z = if tail <= 5.0 { ratio(tail - 1.6, &TAIL) } else { ratio(tail - 5.0, &FAR_TAIL) };
    z.copysign(q)
}

/// Numerator and denominator of a rational function, from the constant term on.
type Ratio = [[f64; 8]; 2];

fn ratio(x: f64, [above, below]: &Ratio) -> f64 {
    let polynomial = |terms: &[f64; 8]| terms.iter().rev().fold(0.0, |sum, term| sum * x + term);
    polynomial(above) / polynomial(below)
}

/// 2⁻⁵⁴.
const HALF_STEP: f64 = f64::EPSILON / 4.0;

const CENTRE: Ratio = [
    [
        3.387_132_872_796_366_5,
        1.331_416_678_917_843_8e2,
        1.971_590_950_306_551_3e3,
        1.373_169_376_550_946e4,
        4.592_195_393_154_987e4,
        6.726_577_092_700_87e4,
        3.343_057_558_358_813e4,
        2.509_080_928_730_122_7e3,
    ],
    [
        1.0,
        4.231_333_070_160_091e1,
        6.871_870_074_920_579e2,
        5.394_196_021_424_751e3,
        2.121_379_430_158_659_7e4,
        3.930_789_580_009_271e4,
        2.872_908_573_572_194_3e4,
        5.226_495_278_852_854e3,
    ],
];

const TAIL: Ratio = [
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        2.417_807_251_774_506e-1,
        2.272_384_498_926_918_4e-2,
        7.745_450_142_783_414e-4,
    ],
    [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        6.897_673_349_851e-1,
        1.481_039_764_274_800_8e-1,
        1.519_866_656_361_645_7e-2,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
];

const FAR_TAIL: Ratio = [
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        2.965_605_718_285_048_7e-1,
        2.653_218_952_657_612_4e-2,
        1.242_660_947_388_078_4e-3,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    [
        1.0,
        5.998_322_065_558_88e-1,
        1.369_298_809_227_358e-1,
        1.487_536_129_085_061_5e-2,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_inverts_the_distribution_function() {
        for step in 1..10_000 {
            let p = f64::from(step) / 20_000.0;
            for p in [p, libm::exp2(-106.0 * p)] {
                let start = (p / f64::EPSILON).floor() * f64::EPSILON;
                let middle = start + HALF_STEP;
                let z = inverse(start);
                let back = libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2) / 2.0;
                let noise = 1e-15 * (1.0 + z * z);
                assert!((back / middle - 1.0).abs() < noise, "{middle} came back as {back}");
            }
        }
    }

    #[test]
    fn it_is_antisymmetric_to_the_ends() {
        let last = 1.0 - f64::EPSILON / 2.0;
        assert!((inverse(last) - 8.292_361_075_813_595).abs() < 1e-12);
        for u in [0.0, 0.001, 0.3, 0.5] {
            let mirror = (1.0 - f64::EPSILON / 2.0) - u;
            assert!((inverse(u) + inverse(mirror)).abs() < 1e-12);
        }
        assert_eq!(inverse(0.0), -inverse(last));
    }
}
