use super::document::{DocumentConfig, DocumentLayer};
use super::{BreakerConfig, BreakerLayer, Window};
use crate::call::{Layer, Reason};
use crate::layer_tests::{Sample, env};
use crate::testing::{Step, TestCall, ms};

const OPENS: Sample =
    Sample { refuses: Some((Step::Fail, 9, Layer::BREAKER, Reason::OPEN)), ..Sample::PLAIN };

pub(crate) const SAMPLES: &[Sample] = &[
    Sample {
        name: "breaker",
        build: breaker,
        shown: ["BreakerLayer", "min_calls: 3", "phase: Closed"],
        watches: Some(|inner, count_local| {
            let config = BreakerConfig { consecutive: Some(5), count_local, ..Default::default() };
            BreakerLayer::new(config, env(), inner)
        }),
        ..OPENS
    },
    Sample {
        name: "document breaker",
        build: |inner| DocumentLayer::new(DocumentConfig::default(), env(), inner),
        shown: ["DocumentLayer", "recovery: 30s", "state: Closed"],
        ..OPENS
    },
];

fn breaker(inner: TestCall) -> TestCall {
    let windows =
        vec![Window::Time { span: ms(100), buckets: 10 }, Window::Ewma { half_life: ms(50) }];
    let config = BreakerConfig { windows, min_calls: 3, ..BreakerConfig::default() };
    BreakerLayer::new(config, env(), inner)
}
