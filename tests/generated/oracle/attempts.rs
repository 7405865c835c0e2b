//! What is sent, how often, and where to.

use cascadia::result::OutcomeKind;

use super::{Case, Judge, Rule, calls_of, outcome};
use crate::generated::world::{Call, Layer, Load, STOPPING, Step, share};

pub(super) const RULES: &[Rule] = &[
    ("what is sent arrives, and what arrives was sent", sent),
    ("retries at every depth are attempts", deep),
    ("each try is another try", independent),
    ("a retry goes elsewhere", elsewhere),
    ("each in turn gets the same", fair),
    ("all branches begin", branches),
];

/// A load whose service calls nobody and is called by nobody else.
fn alone<'a>(case: &'a Case<'_>) -> Option<(&'a String, &'a Load)> {
    let (name, load) = case.world.loads.iter().next().filter(|_| case.world.loads.len() == 1)?;
    let is_work = |step: &Step| matches!(step, Step::Compute(_));
    let leaf = case.world.endpoint(&load.call).steps.iter().all(is_work);
    (leaf && calls_of(case, &load.call.service).len() == 1).then_some((name, load))
}

fn layers<'a>(case: &'a Case<'_>, load: &Load) -> &'a [Layer] {
    case.world.layers(load.call.policy.as_ref())
}

fn only(layers: &[Layer], kinds: &[&str]) -> bool {
    layers.iter().all(|layer| kinds.contains(&layer.kind.as_str()))
}

/// Attempts are the tries that go over the network, each of which arrives unless it is lost or
/// still on its way.
fn sent(case: &Case<'_>, judge: &mut Judge) {
    let Some((name, load)) = alone(case) else { return };
    if !case.counts_all() {
        return;
    }
    let attempts = case.result.loads[name].attempts;
    let arrivals = case.result.services[&load.call.service].arrivals;
    judge.expect(arrivals <= attempts, || {
        format!("{name}: {attempts} attempts, {arrivals} arrivals")
    });
    let near =
        case.world.link(name, &load.call.service).is_none_or(|link| link.latency.max == Some(0));
    if near && case.world.loses_nothing() && !case.world.has_fault(&["latency"]) {
        judge.expect(arrivals == attempts, || {
            format!("{name}: {attempts} attempts, {arrivals} arrivals, and nothing is lost")
        });
    }
}

/// Where nobody refuses, copies or gives up, every retry that was decided on is an attempt.
fn deep(case: &Case<'_>, judge: &mut Judge) {
    let world = &case.world;
    let plain =
        world.policies.values().all(|layers| only(layers, &["retry", "balance", "outlier"]));
    let inbound = world.services.values().any(|service| service.inbound.is_some());
    let stops =
        world.has_fault(&STOPPING) || world.services.values().any(|it| it.on_cancel == "stop");
    let loads = case.result.loads.values();
    let all_ended = loads.clone().all(|load| outcome(load, OutcomeKind::Unfinished) == 0);
    let branches = super::super::world::calls(world).len()
        != world.loads.len()
            + world
                .services
                .values()
                .flat_map(|it| it.endpoints.values())
                .flat_map(|it| &it.steps)
                .filter(|step| matches!(step, Step::Call(_)))
                .count();
    if !plain || inbound || stops || !all_ended || branches || !case.counts_all() {
        return;
    }
    let attempts: u64 = loads.clone().map(|load| load.attempts).sum();
    let offered: u64 = loads.map(|load| load.offered).sum();
    let policies = case.result.policies.values();
    let retried: u64 = policies.flat_map(|layer| &layer.retries).sum();
    judge.expect(attempts == offered + retried, || {
        format!("{attempts} attempts for {offered} requests and {retried} retries")
    });
}

/// Of tries that fail by chance so many fail together as chance has it.
fn independent(case: &Case<'_>, judge: &mut Judge) {
    let Some((name, load)) = alone(case) else { return };
    let world = &case.world;
    let [fault] = &world.faults[..] else { return };
    let layers = layers(case, load);
    let service = &world.services[&load.call.service];
    let all = fault.start == 0 && fault.end == world.duration && fault.kind == "errors";
    let everybody = world.replicas(fault.value["target"].as_str().unwrap_or_default());
    let hits = everybody.iter().filter(|(name, _)| **name == load.call.service).count() as u64;
    let all = all
        && hits == service.replicas
        && matches!(fault.value["pick"].as_str(), None | Some("all"));
    let plain = only(layers, &["retry", "balance"])
        && layers.iter().all(|layer| layer.value["budget"].is_null())
        && service.inbound.is_none()
        && service.queue["capacity"].is_null()
        && !super::server::sheds(&service.queue["discipline"]);
    let safe = !load.call.endpoint.starts_with("POST") && !load.call.endpoint.starts_with("PATCH");
    if !all || !plain || !safe || !world.loses_nothing() {
        return;
    }
    let tries: f64 = layers.iter().map(Layer::copies).product();
    let expected = share(&fault.value["rate"]).unwrap_or(0.0).powf(tries);
    let result = &case.result.loads[name];
    let (ok, failed) = (outcome(result, OutcomeKind::Ok), outcome(result, OutcomeKind::Failed));
    let ended = (ok + failed) as f64;
    let deviation = (ended * expected * (1.0 - expected)).sqrt();
    let off = (failed as f64 - ended * expected).abs();
    judge.expect(off <= 6.0 * deviation + 1.0, || {
        format!("{name}: {failed} of {ended} failed after {tries} tries, {expected} should")
    });
}

/// With one replica that answers nothing but errors, a second try ends well.
fn elsewhere(case: &Case<'_>, judge: &mut Judge) {
    let Some((name, load)) = alone(case) else { return };
    let world = &case.world;
    let service = &world.services[&load.call.service];
    let layers = layers(case, load);
    let retries: Vec<&Layer> = layers.iter().filter(|layer| layer.kind == "retry").collect();
    let [retry] = retries[..] else { return };
    let Some(chosen) = layers.iter().find(|layer| layer.kind == "balance") else { return };
    let failing = world.faults.iter().map(|fault| (fault.kind.as_str(), &fault.value));
    let mut failing = failing.map(|(kind, value)| {
        let hit = world.replicas(value["target"].as_str().unwrap_or_default());
        (kind == "errors" && hit.len() == 1).then(|| hit[0])
    });
    let (Some(Some(_)), None) = (failing.next(), failing.next()) else { return };
    let value = &retry.value;
    let plain = value["budget"].is_null()
        && value["elsewhere"] != false
        && value["max_depth"].is_null()
        && value["min_useful"].is_null();
    let safe = !load.call.endpoint.starts_with("POST") && !load.call.endpoint.starts_with("PATCH");
    let quiet = only(layers, &["retry", "balance"]) && service.inbound.is_none();
    let room =
        service.queue["capacity"].is_null() && !super::server::sheds(&service.queue["discipline"]);
    let again = service.replicas > 1 && retry.at < chosen.at && retry.copies() > 1.0;
    if plain && safe && quiet && room && again {
        let failed = outcome(&case.result.loads[name], OutcomeKind::Failed);
        judge.expect(failed == 0, || {
            format!("{name}: {failed} failed, and one of {} replicas is bad", service.replicas)
        });
    }
}

/// Each in turn, whether copies are sent or not.
fn fair(case: &Case<'_>, judge: &mut Judge) {
    let Some((_, load)) = alone(case) else { return };
    let layers = layers(case, load);
    let turns = layers.iter().any(|layer| layer.value == "round_robin");
    let plain = only(layers, &["balance", "hedge", "timeout", "bulkhead", "rate_limit"])
        && layers.last().is_some_and(|layer| layer.kind == "balance")
        && load.population == 1;
    if !turns || !plain || !case.counts_all() || !case.world.faults.is_empty() {
        return;
    }
    let lossy = case.world.links.values().any(|link| link.loss > 0.0);
    let arrivals: Vec<u64> = case.result.services[&load.call.service]
        .replicas
        .iter()
        .map(|replica| replica.arrivals)
        .collect();
    let mean = arrivals.iter().sum::<u64>() as f64 / arrivals.len() as f64;
    let most = mean * 0.01 + 3.0;
    judge
        .expect(lossy || arrivals.iter().all(|count| (*count as f64 - mean).abs() <= most), || {
            format!("{arrivals:?} arrived at the replicas")
        });
}

/// Every branch begins, whatever becomes of the others: those that begin with a plain call reach
/// as many servers.
fn branches(case: &Case<'_>, judge: &mut Judge) {
    let world = &case.world;
    let near = world.links.values().all(|link| link.latency.max == Some(0));
    if !near || !world.loses_nothing() || world.has_fault(&["latency"]) || !case.counts_all() {
        return;
    }
    for service in world.services.values() {
        for endpoint in service.endpoints.values() {
            let parallel = endpoint.steps.iter().filter_map(|step| match step {
                Step::Parallel(branches) => Some(branches),
                _ => None,
            });
            for branches in parallel {
                let first = branches.iter().filter_map(|steps| match steps.first() {
                    Some(Step::Call(call)) => Some(call),
                    _ => None,
                });
                let plain = |call: &&Call| {
                    only(world.layers(call.policy.as_ref()), &["balance"])
                        && calls_of(case, &call.service).len() == 1
                };
                let reached = first
                    .filter(plain)
                    .map(|call| (&call.service, case.result.services[&call.service].arrivals));
                let reached: Vec<_> = reached.collect();
                if reached.len() > 1 {
                    judge.expect(reached.windows(2).all(|pair| pair[0].1 == pair[1].1), || {
                        format!("branches reach {reached:?}")
                    });
                }
            }
        }
    }
}
