use super::{Backoff, RetryConfig, RetryLayer};
use crate::layer_tests::{Sample, env};
use crate::testing::{TestCall, ms};

pub(crate) const SAMPLES: &[Sample] = &[Sample {
    name: "retry",
    build: retry,
    shown: ["RetryLayer", "base: 2ms", "budget: None, inner"],
    ..Sample::PLAIN
}];

fn retry(inner: TestCall) -> TestCall {
    let backoff = Backoff::FullJitter { base: ms(2), factor: 2.0, max: ms(8) };
    RetryLayer::new(RetryConfig { backoff, ..RetryConfig::default() }, env(), inner)
}
