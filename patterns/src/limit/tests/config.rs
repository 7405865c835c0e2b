use super::*;
use crate::limit::Window;

fn field(algorithm: Algorithm) -> &'static str {
    LimitConfig { algorithm, ..LimitConfig::default() }.check().unwrap_err().field
}

#[test]
fn bounds_and_shares_are_checked() {
    let aimd = AimdConfig::default();
    for (config, wrong) in [
        (AimdConfig { min: 0, ..aimd }, "algorithm.aimd.min"),
        (AimdConfig { max: 19, ..aimd }, "algorithm.aimd.max"),
        (AimdConfig { initial: 201, ..aimd }, "algorithm.aimd.initial"),
        (AimdConfig { backoff: 1.0, ..aimd }, "algorithm.aimd.backoff"),
        (AimdConfig { backoff: f64::NAN, ..aimd }, "algorithm.aimd.backoff"),
        (AimdConfig { timeout: ms(0), ..aimd }, "algorithm.aimd.timeout"),
    ] {
        assert_eq!(field(Algorithm::Aimd(config)), wrong);
    }
    let vegas = VegasConfig::default();
    for (config, wrong) in [
        (VegasConfig { max: 0, ..vegas }, "algorithm.vegas.max"),
        (VegasConfig { initial: 0, ..vegas }, "algorithm.vegas.initial"),
        (VegasConfig { smoothing: 0.0, ..vegas }, "algorithm.vegas.smoothing"),
        (VegasConfig { probe: 0, ..vegas }, "algorithm.vegas.probe"),
    ] {
        assert_eq!(field(Algorithm::Vegas(config)), wrong);
    }
    let gradient2 = Gradient2Config::default();
    for (config, wrong) in [
        (Gradient2Config { min: 0, ..gradient2 }, "algorithm.gradient2.min"),
        (Gradient2Config { max: 1, ..gradient2 }, "algorithm.gradient2.max"),
        (Gradient2Config { initial: 1, ..gradient2 }, "algorithm.gradient2.initial"),
        (Gradient2Config { smoothing: 1.1, ..gradient2 }, "algorithm.gradient2.smoothing"),
        (Gradient2Config { tolerance: 0.9, ..gradient2 }, "algorithm.gradient2.tolerance"),
        (Gradient2Config { long_window: 0, ..gradient2 }, "algorithm.gradient2.long_window"),
    ] {
        assert_eq!(field(Algorithm::Gradient2(config)), wrong);
    }
    let gradient = GradientConfig::default();
    for (config, wrong) in [
        (GradientConfig { min: 0, ..gradient }, "algorithm.gradient.min"),
        (GradientConfig { max: 2, ..gradient }, "algorithm.gradient.max"),
        (GradientConfig { update: ms(0), ..gradient }, "algorithm.gradient.update"),
        (
            GradientConfig { min_rtt_interval: ms(0), ..gradient },
            "algorithm.gradient.min_rtt_interval",
        ),
        (GradientConfig { jitter: 1.5, ..gradient }, "algorithm.gradient.jitter"),
        (GradientConfig { min_rtt_samples: 0, ..gradient }, "algorithm.gradient.min_rtt_samples"),
        (GradientConfig { buffer: -0.1, ..gradient }, "algorithm.gradient.buffer"),
        (GradientConfig { quantile: 0.0, ..gradient }, "algorithm.gradient.quantile"),
    ] {
        assert_eq!(field(Algorithm::Gradient(config)), wrong);
    }
}

#[test]
fn a_window_is_checked() {
    let window = Window::default();
    let check = |algorithm, window| {
        LimitConfig { algorithm, window: Some(window), ..LimitConfig::default() }
            .check()
            .map_err(|error| error.field)
    };
    assert_eq!(check(all()[0], window), Ok(()));
    assert_eq!(check(all()[3], window), Err("window"));
    assert_eq!(check(all()[0], Window { samples: 0, ..window }), Err("window.samples"));
    assert_eq!(check(all()[0], Window { max: ms(10), ..window }), Err("window.max"));
    assert_eq!(LimitConfig::default().check(), Ok(()));
}
