use super::{ThrottleConfig, ThrottleLayer};
use crate::call::{Layer, Reason};
use crate::layer_tests::{Sample, env};
use crate::testing::{Step, TestCall};

pub(crate) const SAMPLES: &[Sample] = &[Sample {
    name: "throttle",
    build: |inner| throttle(inner, false),
    shown: ["ThrottleLayer", "min_per_second: 0.0", "requests: 1"],
    refuses: Some((Step::Fail, 30, Layer::THROTTLE, Reason::THROTTLED)),
    watches: Some(throttle),
    counts_calls: true,
    ..Sample::PLAIN
}];

fn throttle(inner: TestCall, count_local: bool) -> TestCall {
    let config = ThrottleConfig { min_per_second: 0.0, count_local, ..Default::default() };
    ThrottleLayer::new(config, env(), inner)
}
