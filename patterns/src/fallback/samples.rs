use super::{Chain, FallbackConfig, FallbackLayer};
use crate::layer_tests::{FALLEN, Sample, env};
use crate::testing::{Server, Step, TestCall, TestWorld};

pub(crate) const SAMPLES: &[Sample] = &[Sample {
    name: "fallback",
    build: fallback,
    shown: ["FallbackLayer", r#"chain: ["stale", "call", "default"]"#, ""],
    ..Sample::PLAIN
}];

fn fallback(inner: TestCall) -> TestCall {
    let other = Server::new(TestWorld::new(), &[Step::Fail]);
    let chain = Chain::new(|_: &mut u32| {});
    let chain = chain.stale(|_| None).call(FallbackConfig { limit: 1 }, other);
    FallbackLayer::new(env(), inner, chain.default(|_| FALLEN))
}
