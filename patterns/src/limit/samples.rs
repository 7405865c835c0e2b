use super::{
    AimdConfig, Algorithm, Gradient2Config, GradientConfig, LimitConfig, LimitLayer, VegasConfig,
};
use crate::call::{Layer, Reason};
use crate::layer_tests::{Sample, env};
use crate::testing::{Step, TestCall};

const FULL: Sample =
    Sample { refuses: Some((Step::Hang, 9, Layer::LIMIT, Reason::FULL)), ..Sample::PLAIN };

pub(crate) const SAMPLES: &[Sample] = &[
    Sample {
        name: "aimd",
        build: |inner| {
            limit(Algorithm::Aimd(AimdConfig { initial: 1, min: 1, ..Default::default() }), inner)
        },
        shown: ["LimitLayer", "Aimd", "in_flight: 1"],
        ..FULL
    },
    Sample {
        name: "vegas",
        build: |inner| {
            limit(Algorithm::Vegas(VegasConfig { initial: 1, ..Default::default() }), inner)
        },
        shown: ["LimitLayer", "Vegas", "in_flight: 1"],
        ..FULL
    },
    Sample {
        name: "gradient2",
        build: |inner| {
            let config = Gradient2Config { initial: 1, min: 1, ..Default::default() };
            limit(Algorithm::Gradient2(config), inner)
        },
        shown: ["LimitLayer", "Gradient2", "in_flight: 1"],
        ..FULL
    },
    Sample {
        name: "gradient",
        build: |inner| {
            limit(Algorithm::Gradient(GradientConfig { min: 1, ..Default::default() }), inner)
        },
        shown: ["LimitLayer", "Gradient", "in_flight: 1"],
        ..FULL
    },
];

fn limit(algorithm: Algorithm, inner: TestCall) -> TestCall {
    LimitLayer::new(LimitConfig { algorithm, ..LimitConfig::default() }, env(), inner)
}
