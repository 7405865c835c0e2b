//! What watches a server acts only on what the server does.

use cascadia_patterns::call::Sense;
use cascadia_patterns::{POLICIES, Policy};
use serde_json::Value;

use super::fails::fails_with;
use super::{Case, Judge, Rule};
use crate::generated::world::{Call, FAILING, Layer, Status, Way, World, calls_in};

pub(super) const RULES: &[Rule] = &[
    ("a circuit opens only by failures of its server", opens),
    ("an endpoint is ejected only by failures of its server", ejects),
    ("only what another try may help is tried again", retries),
];

/// Whether a layer may refuse a call. A balancer has an endpoint for every one but a copy that wants
/// one of its own.
pub(super) fn refuses(layer: &Layer) -> bool {
    let may = |policy: &&Policy| {
        policy.files().contains(&layer.kind.as_str()) && !policy.reasons.is_empty()
    };
    match layer.kind.as_str() {
        "hedge" => true,
        "balance" => false,
        _ => POLICIES.iter().any(may),
    }
}

/// Whether a layer refuses calls because of what has become of earlier ones.
pub(super) fn cuts_short(layer: &Layer) -> bool {
    let of_layer = POLICIES.iter().filter(|policy| policy.files().contains(&layer.kind.as_str()));
    let mut reasons = of_layer.flat_map(|policy| policy.reasons);
    reasons.any(|(_, reason)| matches!(reason.sense(), Sense::ShortCircuit { .. }))
}

/// Whether anything can come of a call but success and no answer at all.
pub(super) fn can_fail(world: &World, call: &Call) -> bool {
    let layers = world.layers(call.policy.as_ref());
    layers.iter().any(|layer| refuses(layer) || layer.kind == "timeout")
        || layers.iter().flat_map(|layer| &layer.fallbacks).any(|(_, call)| can_fail(world, call))
        || server_can_fail(world, call, true, |_| true)
}

/// Whether the server that a call goes to can answer with anything but success, where the errors of
/// its own steps count if their status is such a one. What expired says nothing of it.
pub(super) fn server_can_fail(
    world: &World,
    call: &Call,
    with_errors: bool,
    such: fn(&Status) -> bool,
) -> bool {
    let steps = &world.endpoint(call).steps;
    let service = &world.services[&call.service];
    let inbound = world.layers(service.inbound.as_ref());
    let fails = |layer: &Layer| {
        let expires = layer.kind == "deadline";
        (refuses(layer) && !expires) || layer.kind == "timeout"
    };
    (with_errors && world.has_fault(&FAILING))
        || service.queue["capacity"].is_u64()
        || sheds(&service.queue["discipline"])
        || inbound.iter().any(fails)
        || fails_with(steps, such)
        || calls_in(steps).into_iter().any(|call| can_fail(world, call))
}

/// Whether that may be so of any endpoint of a service.
fn any_endpoint(
    world: &World,
    service: &str,
    with_errors: bool,
    such: fn(&Status) -> bool,
) -> bool {
    world.services[service].endpoints.keys().any(|endpoint| {
        let (service, endpoint) = (service.to_owned(), endpoint.clone());
        server_can_fail(world, &Call { service, endpoint, policy: None }, with_errors, such)
    })
}

/// Whether a queue refuses who waits too long.
pub(super) fn sheds(discipline: &Value) -> bool {
    discipline.to_string().contains("codel")
}

/// Whether a layer goes by kinds of failures that it has chosen.
fn chooses(layer: &Layer) -> bool {
    let settings = layer.value.to_string();
    settings.contains("\"on\":") || settings.contains("\"counts\":")
}

/// Whether what a layer sees of a call can be a failure of the server.
pub(super) fn sees_failures(world: &World, way: &Way, with_errors: bool) -> bool {
    let layers = &world.policies[&way.policy];
    let counts_local = layers[way.at].value.to_string().contains("\"count_local\":true");
    let (outside, inside) = (&layers[..way.at], &layers[way.at + 1..]);
    // A copy may find no endpoint of its own, and who counts what happens here counts that.
    let homeless = counts_local && outside.iter().any(|layer| layer.kind == "hedge");
    let fails = |layer: &Layer| {
        layer.kind == "timeout" || !layer.fallbacks.is_empty() || (counts_local && refuses(layer))
    };
    let such = if chooses(&layers[way.at]) { |_: &Status| true } else { Status::blames_server };
    let server = any_endpoint(world, &way.service, with_errors, such);
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

/// What comes of a call is only of its server where nothing but a choice of replicas is inside, and
/// no copy is sent that may find no replica of its own.
fn retries(case: &Case<'_>, judge: &mut Judge) {
    for way in case.ways.iter().filter(|way| way.part == "retry" && !way.inbound) {
        let layers = &case.world.policies[&way.policy];
        let (outside, inside) = (&layers[..way.at], &layers[way.at + 1..]);
        let homeless = outside.iter().any(|layer| layer.kind == "hedge");
        let such =
            if chooses(&layers[way.at]) { |_: &Status| true } else { Status::asks_for_retry };
        let helps = any_endpoint(&case.world, &way.service, true, such);
        if helps || homeless || !inside.iter().all(|layer| layer.kind == "balance") {
            continue;
        }
        let Some(layer) = case.result.policies.get(&way.name) else { continue };
        let retried: u64 = layer.retries.iter().sum();
        judge.expect(retried == 0, || {
            format!("{}: {retried} retries, and none of them may help", way.name)
        });
    }
}
