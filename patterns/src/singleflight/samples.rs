use super::{SingleflightConfig, SingleflightLayer};
use crate::call::Context;
use crate::layer_tests::{Sample, env};
use crate::testing::ms;

pub(crate) const SAMPLES: &[Sample] = &[Sample {
    name: "singleflight",
    build: |inner| {
        let key = Box::new(|request: &Context| request.baggage.depth.into());
        SingleflightLayer::new(SingleflightConfig { max_age: ms(30) }, key, env(), inner)
    },
    shown: ["SingleflightLayer", "max_age: 30ms", "flights: 1"],
    ..Sample::PLAIN
}];
