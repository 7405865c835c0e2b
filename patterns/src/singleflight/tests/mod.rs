mod config;
mod core;
mod layer;
mod properties;
mod sharing;

use std::sync::Arc;

use super::{SingleflightConfig, SingleflightLayer};
use crate::call::Context;
use crate::testing::{Recorder, Server, Step, TestWorld, env, ms};

type TestLayer = SingleflightLayer<TestWorld, Context, u32, &'static str>;

/// A server, what is told, and a layer that tells requests apart by their priority.
fn bench(script: &[Step]) -> (Arc<Server>, Arc<Recorder>, Arc<TestLayer>) {
    let (world, observe) = (TestWorld::new(), Arc::default());
    let server = Server::new(world, script);
    let key = Box::new(|request: &Context| request.baggage.priority.into());
    let config = SingleflightConfig { max_age: ms(100) };
    let layer = SingleflightLayer::new(config, key, env(world, &observe), server.clone());
    (server, observe, layer)
}
