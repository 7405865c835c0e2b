//! Circuits open, are probed and close by their settings, as the lanes of a load tell it.

use cascadia::result::{OutcomeKind, StateLane};
use serde_json::Value;

use super::lanes::of_circuits;
use super::patience::{longest_asked, most_of, patience};
use super::server::sees_failures;
use super::{Case, Judge, Rule, outcome};
use crate::generated::world::{
    Endpoint, FAILING, Layer, Load, Service, Step, Way, calls, nanos, word,
};

pub(super) const RULES: &[Rule] = &[
    ("a circuit stays open as long as it is to", stays),
    ("a circuit sends no more probes than it may", probes),
    ("a circuit closes when its probes have succeeded", closes),
    ("a closed circuit is used while another is not", used),
    ("a retry that is told when to come is not made before", heeds),
];

/// The circuit of a load that has only one in its policy, where nobody else has that.
struct Circuit<'a> {
    name: &'a String,
    load: &'a Load,
    way: &'a Way,
    layer: &'a Layer,
    /// The layers outside and inside it.
    outside: &'a [Layer],
    inside: &'a [Layer],
    lanes: Vec<&'a StateLane>,
}

/// The circuit of each load, unless it is one in somebody's hand or that of introductions.
fn of_loads<'a>(case: &'a Case<'_>) -> Vec<Circuit<'a>> {
    let world = &case.world;
    let circuit = |(name, load): (&'a String, &'a Load)| {
        let layers = world.layers(load.call.policy.as_ref());
        let mut breakers = layers.iter().filter(|layer| layer.kind == "breaker");
        let (layer, None) = (breakers.next()?, breakers.next()) else { return None };
        let mut ways =
            case.ways.iter().filter(|way| Some(&way.policy) == load.call.policy.as_ref());
        let way = ways.find(|way| way.at == layer.at)?;
        let callers = calls(world).into_iter().filter(|call| call.policy == load.call.policy);
        let own = callers.count() == 1 && ways.all(|other| other.service == way.service);
        let plain = layer.value.is_object() && layer.value["mode"].is_null();
        if !own || !plain || way.fallback || way.inbound {
            return None;
        }
        let target = format!("→ {}", word(&load.call.service));
        let name_of_load = if world.services.contains_key(name) { return None } else { word(name) };
        // Where a policy falls back on the same target, it goes there through another.
        let is_own = |rest: &str| rest.contains(&target) && !rest.contains(" fallback ");
        let lanes = of_circuits(case).filter(|lane| {
            let rest = lane.name.strip_prefix(&name_of_load);
            rest.is_some_and(|rest| {
                (rest.starts_with('/') || rest.starts_with(' ')) && is_own(rest)
            })
        });
        let (outside, inside) = (&layers[..layer.at], &layers[layer.at + 1..]);
        Some(Circuit { name, load, way, layer, outside, inside, lanes: lanes.collect() })
    };
    world.loads.iter().filter_map(circuit).collect()
}

fn time(value: &Value) -> Option<u64> {
    value.as_str().and_then(nanos)
}

/// The shortest time that a circuit stays open.
fn shortest(value: &Value) -> u64 {
    const USUAL: u64 = 5_000_000_000;
    let open = &value["open"];
    if let Some(fixed) = time(open) {
        return fixed;
    }
    let base = time(&open["base"]).unwrap_or(USUAL);
    match open["jitter"].as_str() {
        Some("none") => base,
        Some("equal") => base / 2,
        _ => time(&open["min"]).unwrap_or(base / 2),
    }
}

fn stays(case: &Case<'_>, judge: &mut Judge) {
    for circuit in of_loads(case) {
        let least = shortest(&circuit.layer.value);
        for lane in &circuit.lanes {
            for pair in lane.changes.windows(2).filter(|pair| pair[0].state == "open") {
                let open = pair[1].at_ns - pair[0].at_ns;
                judge.expect(open >= least, || {
                    format!("{}: open for {open} ns, not {least} ns", lane.name)
                });
            }
        }
    }
}

/// What is outside may drop a probe, and what is inside may refuse it here, which both frees it.
fn gives_probes_back(circuit: &Circuit<'_>) -> bool {
    let gives_up = |layer: &Layer| ["timeout", "hedge", "deadline"].contains(&layer.kind.as_str());
    let stays = |layer: &Layer| ["balance", "outlier"].contains(&layer.kind.as_str());
    circuit.outside.iter().any(gives_up) || !circuit.inside.iter().all(stays)
}

fn probes(case: &Case<'_>, judge: &mut Judge) {
    for circuit in of_loads(case) {
        let Some(layer) = case.result.policies.get(&circuit.way.name) else { continue };
        if gives_probes_back(&circuit) || !case.counts_all() {
            continue;
        }
        let permits = circuit.layer.value["half_open"]["permits"].as_u64().unwrap_or(1);
        let changes = circuit.lanes.iter().flat_map(|lane| &lane.changes);
        let phases = changes.filter(|change| change.state == "half_open").count() as u64;
        let sent = layer.counts.get("probe").copied().unwrap_or(0);
        judge.expect(sent <= permits * phases, || {
            format!("{}: {sent} probes in {phases} phases of {permits}", circuit.way.name)
        });
    }
}

/// When the server cannot fail any more, probes do not open a circuit again, however seldom they
/// come. One that hangs for too long might, and one that is slow.
fn closes(case: &Case<'_>, judge: &mut Judge) {
    let world = &case.world;
    let errors = world.faults.iter().filter(|fault| fault.is(&FAILING));
    let calm = errors.map(|fault| fault.end).max().unwrap_or(0);
    for circuit in of_loads(case) {
        let value = &circuit.layer.value;
        if sees_failures(world, circuit.way, false) || !value["slow_call"].is_null() {
            continue;
        }
        let half = &value["half_open"];
        let patient = time(&half["max_wait"]).unwrap_or_else(|| shortest(value));
        let longest = most_of(world, circuit.name, &circuit.load.call);
        let hangs = longest.is_none_or(|longest| longest >= patient);
        if matches!(half["stuck"].as_str(), None | Some("open")) && hangs {
            continue;
        }
        for lane in &circuit.lanes {
            for pair in lane.changes.windows(2) {
                let probed = pair[0].state == "half_open" && pair[0].at_ns > calm;
                judge.expect(!probed || pair[1].state == "closed", || {
                    let (from, to) = (pair[0].at_ns, &pair[1]);
                    format!("{}: probed from {from} ns, {to:?}", lane.name)
                });
            }
        }
    }
}

/// Where a balancer chooses among circuits of which one never opened, few calls are refused.
fn used(case: &Case<'_>, judge: &mut Judge) {
    for circuit in of_loads(case) {
        let Service { replicas, ever, .. } = case.world.services[&circuit.load.call.service];
        let chosen = circuit.outside.iter().any(|layer| layer.kind == "balance");
        let copies = circuit.outside.iter().any(|layer| layer.kind == "hedge");
        let opened = circuit.lanes.len() as u64;
        let inner = case.world.endpoint(&circuit.load.call);
        if !chosen
            || copies
            || opened == 0
            || opened >= replicas
            || ever != replicas
            || circuit.load.population > 1
        {
            continue;
        }
        if can_open_elsewhere(case, inner) {
            continue;
        }
        let load = &case.result.loads[circuit.name];
        let refused = outcome(load, OutcomeKind::ShortCircuit);
        judge.expect(refused * 100 <= load.offered + 200, || {
            let offered = load.offered;
            format!("{}: {refused} of {offered} short-circuited, {opened} of {replicas} circuits ever opened", circuit.name)
        });
    }
}

fn can_open_elsewhere(case: &Case<'_>, endpoint: &Endpoint) -> bool {
    let calls = endpoint.steps.iter().any(|step| !matches!(step, Step::Compute(_)));
    let inbound = case.world.services.values().filter_map(|service| service.inbound.as_ref());
    let inbound = inbound.flat_map(|policy| &case.world.policies[policy]);
    calls || inbound.into_iter().any(|layer| layer.kind == "breaker")
}

/// While all circuits are open for longer than a retry may wait, none is made but for calls that
/// were let through before.
fn heeds(case: &Case<'_>, judge: &mut Judge) {
    let series = &case.result.series;
    for circuit in of_loads(case) {
        let mut retries = circuit.outside.iter().filter(|layer| layer.kind == "retry");
        let (Some(retry), None) = (retries.next(), retries.next()) else { continue };
        let between = &circuit.outside[retry.at + 1..];
        let plain = |layer: &Layer| ["balance", "outlier"].contains(&layer.kind.as_str());
        let replicas = case.world.services[&circuit.load.call.service].ever;
        let each = between.iter().any(|layer| layer.kind == "balance");
        let needed = if each { replicas } else { 1 };
        if !between.iter().all(plain) || circuit.lanes.len() as u64 != needed {
            continue;
        }
        if circuit.load.population > 1 || !retry.value.is_object() {
            continue;
        }
        let Some(patience) = patience(&case.world, &circuit.load.call) else { continue };
        let (wait, least) = (longest_asked(&retry.value), shortest(&circuit.layer.value));
        let name = case
            .ways
            .iter()
            .find(|way| way.policy == circuit.way.policy && way.at == retry.at && !way.fallback);
        let Some(layer) = name.and_then(|way| series.policies.get(&way.name)) else { continue };
        for (at, edge) in (0..).zip(windows(case)) {
            let quiet = |lane: &StateLane| open_beyond(lane, edge, (patience, wait), least);
            let quiet = circuit.lanes.iter().all(|lane| quiet(lane));
            let made: u64 = layer.retries.iter().map(|windows| windows[at]).sum();
            judge.expect(!quiet || made == 0, || {
                format!("{}: {made} retries within {edge:?} ns, all circuits open", circuit.name)
            });
        }
    }
}

/// The beginning and the end of each window.
fn windows(case: &Case<'_>) -> impl Iterator<Item = (u64, u64)> {
    let (start, width) = (case.world.warmup, case.result.series.window_ns);
    let end = case.world.duration;
    let count = (end - start).div_ceil(width);
    (0..count).map(move |at| (start + at * width, (start + (at + 1) * width).min(end)))
}

/// Whether a circuit is open long before a window begins, so that no call is under way that it let
/// through, and for so long after it ends. It is open for `least`; when more time has passed than
/// it was to be, it is only as long as nobody comes.
fn open_beyond(
    lane: &StateLane,
    (start, end): (u64, u64),
    (patience, wait): (u64, u64),
    least: u64,
) -> bool {
    let before = lane.changes.iter().take_while(|change| change.at_ns < start).last();
    before.is_some_and(|change| {
        change.state == "open"
            && change.at_ns.saturating_add(patience) < start
            && change.at_ns.saturating_add(least) > end.saturating_add(wait)
    })
}
