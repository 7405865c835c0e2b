use super::{Algorithm, Rate, RateLimitConfig, RateLimitLayer};
use crate::call::{Layer, Reason};
use crate::layer_tests::{Sample, env};
use crate::testing::{Step, TestCall, ms};

pub(crate) const SAMPLES: &[Sample] = &[Sample {
    name: "rate limit",
    build: rate_limit,
    shown: ["RateLimitLayer", "per: 5ms", "now: 0.001000000s"],
    refuses: Some((Step::Ok, 9, Layer::RATE_LIMIT, Reason::RATE_LIMITED)),
    counts_calls: true,
    ..Sample::PLAIN
}];

fn rate_limit(inner: TestCall) -> TestCall {
    let algorithm = Algorithm::TokenBucket { rate: Rate { permits: 1, per: ms(5) }, burst: 1 };
    RateLimitLayer::new(RateLimitConfig { algorithm, max_wait: ms(20) }, env(), inner)
}
