use super::{TimeoutConfig, TimeoutLayer};
use crate::layer_tests::{Sample, env};
use crate::testing::ms;

pub(crate) const SAMPLES: &[Sample] = &[Sample {
    name: "timeout",
    build: |inner| TimeoutLayer::new(TimeoutConfig { after: ms(40) }, env(), inner),
    shown: ["TimeoutLayer", "after: 40ms", ""],
    ..Sample::PLAIN
}];
