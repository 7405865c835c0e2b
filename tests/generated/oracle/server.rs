//! What watches a server acts only on what the server does.

use serde_json::Value;

use super::{Case, Judge, Rule};
use crate::generated::world::{Call, FAILING, Layer, Step, Way, World};

pub(super) const RULES: &[Rule] = &[
    ("a circuit opens only by failures of its server", opens),
    ("an endpoint is ejected only by failures of its server", ejects),
];

/// Layers that may refuse a call.
const REFUSING: [&str; 9] = [
    "breaker",
    "bulkhead",
    "thread_pool",
    "limit",
    "rate_limit",
    "shed",
    "throttle",
    "deadline",
    "hedge",
];

fn is_one_of(layer: &Layer, kinds: &[&str]) -> bool {
    kinds.contains(&layer.kind.as_str())
}

/// Whether anything can come of a call but success and no answer at all.
pub(super) fn can_fail(world: &World, call: &Call) -> bool {
    let layers = world.layers(call.policy.as_ref());
    layers.iter().any(|layer| is_one_of(layer, &REFUSING) || layer.kind == "timeout")
        || layers.iter().flat_map(|layer| &layer.fallbacks).any(|(_, call)| can_fail(world, call))
        || server_can_fail(world, call, true)
}

/// Whether the server that a call goes to can answer with anything but success. What expired says
/// nothing of it.
pub(super) fn server_can_fail(world: &World, call: &Call, with_errors: bool) -> bool {
    let service = &world.services[&call.service];
    let inbound = world.layers(service.inbound.as_ref());
    let refuses = |layer: &Layer| {
        let expires = layer.kind == "deadline";
        (is_one_of(layer, &REFUSING) && !expires) || layer.kind == "timeout"
    };
    (with_errors && world.has_fault(&FAILING))
        || service.queue["capacity"].is_u64()
        || sheds(&service.queue["discipline"])
        || inbound.iter().any(refuses)
        || steps_can_fail(world, &world.endpoint(call).steps)
}

/// Whether a queue refuses who waits too long.
pub(super) fn sheds(discipline: &Value) -> bool {
    discipline.to_string().contains("codel")
}

fn steps_can_fail(world: &World, steps: &[Step]) -> bool {
    steps.iter().any(|step| match step {
        Step::Compute(_) => false,
        Step::Fail(share) => *share > 0.0,
        Step::Call(call) => can_fail(world, call),
        Step::Parallel(branches) => branches.iter().any(|steps| steps_can_fail(world, steps)),
    })
}

/// Whether what a layer sees of a call can be a failure of the server.
pub(super) fn sees_failures(world: &World, way: &Way, with_errors: bool) -> bool {
    let layers = &world.policies[&way.policy];
    let counts_local = layers[way.at].value.to_string().contains("\"count_local\":true");
    let (outside, inside) = (&layers[..way.at], &layers[way.at + 1..]);
    // A copy may find no endpoint of its own, and who counts what happens here counts that.
    let homeless = counts_local && outside.iter().any(|layer| layer.kind == "hedge");
    let fails = |layer: &Layer| {
        layer.kind == "timeout"
            || !layer.fallbacks.is_empty()
            || (counts_local && is_one_of(layer, &REFUSING))
    };
    let endpoints = world.services[&way.service].endpoints.keys();
    let server = endpoints.into_iter().any(|endpoint| {
        let (service, endpoint) = (way.service.clone(), endpoint.clone());
        server_can_fail(world, &Call { service, endpoint, policy: None }, with_errors)
    });
    inside.iter().any(fails) || homeless || server || way.inbound
}

fn opens(case: &Case<'_>, judge: &mut Judge) {
    for way in case.ways.iter().filter(|way| way.part == "breaker") {
        let value = &case.world.policies[&way.policy][way.at].value;
        let slow = !value["slow_call"].is_null();
        if slow || !value["mode"].is_null() || sees_failures(&case.world, way, true) {
            continue;
        }
        let Some(layer) = case.result.policies.get(&way.name) else { continue };
        let opened = layer.counts.get("opened").copied().unwrap_or(0);
        judge.expect(opened == 0, || {
            format!("{} opened {opened} times, and its server cannot fail", way.name)
        });
    }
}

fn ejects(case: &Case<'_>, judge: &mut Judge) {
    for way in case.ways.iter().filter(|way| way.part == "outlier") {
        if sees_failures(&case.world, way, true) {
            continue;
        }
        let Some(layer) = case.result.policies.get(&way.name) else { continue };
        let ejected = layer.levels.get("ejected").and_then(|level| level.max).unwrap_or(0.0);
        judge.expect(ejected == 0.0, || {
            format!("{} ejected {ejected}, and its server cannot fail", way.name)
        });
    }
}
