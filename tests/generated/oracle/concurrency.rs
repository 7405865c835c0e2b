//! What bounds the calls under way bounds what is in a service.

use super::{Case, Judge, Rule};
use crate::generated::world::{Call, Layer, calls};

pub(super) const RULES: &[Rule] = &[
    ("an inbound bound bounds what is in the service", inbound),
    ("a bound of the only caller bounds what is in the service", outbound),
    ("clients of a closed loop are in one place at once", closed),
];

const SLACK: f64 = 1e-9;

/// How many calls a layer lets be under way at once.
fn bound(layer: &Layer) -> Option<f64> {
    let value = &layer.value;
    let number = |value: &serde_json::Value, default: f64| value.as_f64().unwrap_or(default);
    match layer.kind.as_str() {
        "bulkhead" if value.get("per").is_some() => None,
        "bulkhead" => Some(value.as_f64().unwrap_or_else(|| number(&value["limit"], 25.0))),
        "thread_pool" => {
            let core = number(&value["core"], 10.0);
            Some(number(&value["max"], core).max(core))
        }
        "shed" => value.get("queue").map(|queue| number(&queue["limit"], 25.0)),
        _ => None,
    }
}

/// Whether a layer goes on before what is inside has ended.
fn gives_up(layer: &Layer) -> bool {
    layer.kind == "timeout" || layer.kind == "hedge"
}

/// What is in the service on average, in the whole run and in each window.
fn present(case: &Case<'_>, service: &str) -> Vec<f64> {
    let (all, series) = (&case.result.services[service], &case.result.series.services[service]);
    let windows = series.queue_mean.iter().zip(&series.in_service_mean);
    let windows = windows.map(|(waiting, working)| waiting + working);
    windows.chain([all.queue_mean + all.in_service_mean]).collect()
}

fn at_most(case: &Case<'_>, service: &str, most: f64, judge: &mut Judge) {
    for mean in present(case, service) {
        judge.expect(mean <= most + SLACK, || {
            format!("{service}: {mean} in it on average, where {most} may be")
        });
    }
}

fn inbound(case: &Case<'_>, judge: &mut Judge) {
    for (name, service) in &case.world.services {
        let layers = case.world.layers(service.inbound.as_ref());
        if layers.iter().any(gives_up) {
            continue;
        }
        for most in layers.iter().filter_map(bound) {
            at_most(case, name, most * service.ever as f64, judge);
            let waited = case.result.services[name].queue_max as f64;
            judge.expect(waited <= most, || {
                format!("{name}: {waited} waited at a replica, where {most} may be in it")
            });
        }
    }
}

/// The only place from which a service is called, where that is a load.
fn only_call<'a>(case: &'a Case<'_>, service: &str) -> Option<&'a Call> {
    let world = &case.world;
    let others = world.policies.values().flatten().flat_map(|layer| &layer.fallbacks);
    let others = others.map(|(_, call)| call);
    let mut all = calls(world).into_iter().chain(others).filter(|call| call.service == service);
    let only = all.next()?;
    let loads = world.loads.values().map(|load| &load.call);
    let is_of_a_load = loads.filter(|call| call.service == service).count() == 1;
    (is_of_a_load && all.next().is_none()).then_some(only)
}

fn outbound(case: &Case<'_>, judge: &mut Judge) {
    for (name, load) in &case.world.loads {
        let call = &load.call;
        let layers = case.world.layers(call.policy.as_ref());
        let alone = only_call(case, &call.service).is_some() && load.population == 1;
        let inbound = case.world.layers(case.world.services[&call.service].inbound.as_ref());
        let waits = !layers.iter().chain(inbound).any(gives_up);
        if !alone || !waits || case.result.loads[name].offered == 0 {
            continue;
        }
        let chosen = layers.iter().position(|layer| layer.kind == "balance");
        for layer in layers {
            let Some(most) = bound(layer) else { continue };
            let each = chosen.is_some_and(|chosen| layer.at > chosen);
            let replicas = case.world.services[&call.service].ever as f64;
            at_most(case, &call.service, if each { most * replicas } else { most }, judge);
        }
    }
}

fn closed(case: &Case<'_>, judge: &mut Judge) {
    for load in case.world.loads.values() {
        let call = &load.call;
        let Some((clients, _)) = load.clients else { continue };
        let layers = case.world.layers(call.policy.as_ref());
        let inbound = case.world.layers(case.world.services[&call.service].inbound.as_ref());
        let waits = !layers.iter().chain(inbound).any(gives_up);
        if waits && only_call(case, &call.service).is_some() {
            at_most(case, &call.service, clients as f64, judge);
        }
    }
}
