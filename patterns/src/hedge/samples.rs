use super::{HedgeConfig, HedgeDelay, HedgeLayer};
use crate::layer_tests::{Sample, env};
use crate::testing::{TestCall, ms};

pub(crate) const SAMPLES: &[Sample] = &[
    Sample {
        name: "hedge",
        build: |inner| hedge(HedgeConfig { budget: None, ..HedgeConfig::default() }, inner),
        shown: ["HedgeLayer", "delay: Fixed(3ms)", "current: Some(3ms)"],
        ..Sample::PLAIN
    },
    Sample {
        name: "tied hedge",
        build: |inner| hedge(HedgeConfig::tied(), inner),
        shown: ["HedgeLayer", "tied: true", "current: Some(3ms)"],
        ..Sample::PLAIN
    },
];

fn hedge(config: HedgeConfig, inner: TestCall) -> TestCall {
    HedgeLayer::new(HedgeConfig { delay: HedgeDelay::Fixed(ms(3)), ..config }, env(), inner)
}
