//! What happens has a cause in the file.

use cascadia::result::{OutcomeKind, WhyKind};

use super::fails::fails;
use super::server::{cuts_short, refuses, sheds};
use super::{Case, Judge, Rule, outcome};
use crate::generated::world::{Call, Endpoint, FAILING, Layer, STOPPING, Step, nanos};

pub(super) const RULES: &[Rule] = &[
    ("an outcome has somebody who can cause it", outcomes),
    ("each failure has one cause", every_failure),
    ("who is to blame is in the file", to_blame),
    ("a refusal on arrival is counted where it is made", refusals),
    ("no work is begun that cannot be of use", useful),
];

fn outcomes(case: &Case<'_>, judge: &mut Judge) {
    let world = &case.world;
    let has = |kinds: &[&str]| {
        world.policies.values().flatten().any(|layer| kinds.contains(&layer.kind.as_str()))
    };
    let queues = world.services.values().map(|service| &service.queue);
    let full =
        queues.into_iter().any(|queue| queue["capacity"].is_u64() || sheds(&queue["discipline"]));
    let endpoints = world.services.values().flat_map(|service| service.endpoints.values());
    let fails = endpoints.into_iter().any(|endpoint| fails(&endpoint.steps));
    let mut layers = world.policies.values().flatten();
    let refused = layers.any(|layer| refuses(layer) && !cuts_short(layer));
    let short = world.policies.values().flatten().any(cuts_short);
    for (kind, possible) in [
        (OutcomeKind::Failed, fails || has(&["idempotency"]) || world.has_fault(&FAILING)),
        (OutcomeKind::Timeout, has(&["timeout"]) || world.has_mail),
        (OutcomeKind::ShortCircuit, short),
        (OutcomeKind::Rejected, full || refused),
    ] {
        for (name, load) in &case.result.loads {
            let count = outcome(load, kind);
            judge.expect(possible || count == 0, || {
                format!("{name}: {count} ended as {}, and nothing does that", kind.name())
            });
        }
    }
    for (name, load) in &case.result.loads {
        let degraded = load.counts["degraded"];
        judge.expect(has(&["fallback"]) || degraded == 0, || {
            format!("{name}: {degraded} degraded without a fallback")
        });
    }
}

const FAILURES: [OutcomeKind; 4] =
    [OutcomeKind::Failed, OutcomeKind::Timeout, OutcomeKind::Rejected, OutcomeKind::ShortCircuit];

fn every_failure(case: &Case<'_>, judge: &mut Judge) {
    for (name, load) in &case.result.loads {
        for kind in FAILURES {
            let causes = load.causes.iter().filter(|cause| cause.outcome == kind);
            let caused: u64 = causes.map(|cause| cause.count).sum();
            let ended = outcome(load, kind);
            judge.expect(ended == caused, || {
                format!("{name}: {ended} ended as {}, and {caused} have a cause", kind.name())
            });
        }
        let others = load.causes.iter().all(|cause| FAILURES.contains(&cause.outcome));
        judge.expect(others, || format!("{name}: {:?}", load.causes));
    }
}

fn to_blame(case: &Case<'_>, judge: &mut Judge) {
    let world = &case.world;
    let is_service = |name: &String| world.services.contains_key(name);
    for (name, load) in &case.result.loads {
        for cause in &load.causes {
            let caller =
                cause.caller.as_ref().is_none_or(|caller| caller == name || is_service(caller));
            let is_known = match cause.why {
                WhyKind::Unconfirmed => case.result.components.contains_key(&cause.callee),
                _ => is_service(&cause.callee),
            };
            let callee = is_known && cause.behind.iter().all(is_service);
            let there = cause.why != WhyKind::GaveUpThere
                || world
                    .services
                    .get(&cause.callee)
                    .is_some_and(|service| service.inbound.is_some());
            judge.expect(caller && callee && there, || format!("{name}: {cause:?}"));
        }
    }
}

/// Where the queue refuses nobody, a layer of the inbound policy has told of each refusal.
fn refusals(case: &Case<'_>, judge: &mut Judge) {
    for (name, service) in &case.world.services {
        let queue = &service.queue;
        if queue["capacity"].is_u64() || sheds(&queue["discipline"]) {
            continue;
        }
        let refused = case.result.services[name].rejected;
        let mine = case.ways.iter().filter(|way| way.inbound && way.service == *name);
        let layers = mine.filter_map(|way| case.result.policies.get(&way.name));
        let told: u64 = layers.flat_map(|layer| layer.rejected.values()).sum();
        judge.expect(refused <= told, || {
            format!("{name}: {refused} refused, and its inbound layers tell of {told}")
        });
    }
}

/// Work that is begun with enough time left ends before its caller goes, if nothing slows it down
/// and deadlines are all that ends the wait.
fn useful(case: &Case<'_>, judge: &mut Judge) {
    let world = &case.world;
    if world.has_fault(&["slow", "latency"]) || world.has_fault(&STOPPING) {
        return;
    }
    for (name, service) in &world.services {
        let inbound = world.layers(service.inbound.as_ref());
        let left = inbound.iter().filter(|layer| layer.kind == "deadline");
        let left = left.filter_map(|layer| layer.value["min_remaining"].as_str());
        let left = left.filter_map(nanos).max();
        let Some(left) = left else { continue };
        let is_enough = |endpoint: &Endpoint| {
            let work = endpoint.steps.iter().map(|step| match step {
                Step::Compute(law) => law.max,
                _ => None,
            });
            work.sum::<Option<u64>>().is_some_and(|work| work <= left)
        };
        let calls = super::calls_of(case, name);
        let only_deadlines = |call: &(&str, &Call)| {
            let (from, call) = call;
            let near = world.link(from, name).is_none_or(|link| link.latency.max == Some(0));
            let plain = world.layers(call.policy.as_ref()).iter().all(|layer| {
                let connection =
                    !layer.value["connect"].is_null() || !layer.value["read"].is_null();
                layer.kind != "hedge" && !connection && layer.value["last_takes_rest"] != true
            });
            near && plain && world.loads.contains_key(*from)
        };
        let waits = |layer: &&Layer| layer.kind == "timeout";
        if !service.endpoints.values().all(is_enough)
            || !calls.iter().all(only_deadlines)
            || inbound.iter().any(|layer| waits(&layer))
        {
            continue;
        }
        let wasted = case.result.services[name].wasted;
        judge.expect(wasted == 0, || format!("{name}: {wasted} worked on for nobody"));
    }
}
