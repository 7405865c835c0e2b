use super::{DeadlineConfig, DeadlineLayer};
use crate::layer_tests::{Sample, env};
use crate::testing::ms;

pub(crate) const SAMPLES: &[Sample] = &[Sample {
    name: "deadline",
    build: |inner| {
        let config = DeadlineConfig { min_remaining: ms(1), hop_margin: ms(1) };
        DeadlineLayer::new(config, env(), inner)
    },
    shown: ["DeadlineLayer", "hop_margin: 1ms", ""],
    ..Sample::PLAIN
}];
