use super::{TraceConfig, TraceLayer};
use crate::layer_tests::{Sample, env};

pub(crate) const SAMPLES: &[Sample] = &[Sample {
    name: "trace",
    build: |inner| TraceLayer::new(TraceConfig::default(), env(), inner),
    shown: ["TraceLayer", "restart: false", ""],
    ..Sample::PLAIN
}];
