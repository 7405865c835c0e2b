//! The same scenario again with something changed that should change nothing.

use cascadia::Scenario;
use cascadia::result::RunResult;
use serde_json::{Value, json};

use super::world::{STOPPING, World, members};

/// A change by what it is, how it is made of a seed, and what must stay as it is.
pub(super) type Change = (
    &'static str,
    fn(&Value, u64) -> Option<Value>,
    fn(&RunResult, &RunResult) -> Vec<&'static str>,
);

pub(super) const CHANGES: [Change; 7] = [
    ("run again", |file, _| Some(file.clone()), everything),
    ("without checks", |file, _| Some(without_checks(file)), all_but_checks),
    ("without a warm-up", without_warmup, events),
    ("beside strangers", strangers, numbers),
    ("with a fault that does nothing", harmless_fault, numbers),
    ("with a layer that does nothing", idle_layer, numbers),
    ("behind a door that is open", open_door, numbers),
];

/// Makes the change that falls to a seed, and says what came out differently.
pub(super) fn differences(
    seed: u64,
    file: &Value,
    result: &RunResult,
) -> Option<(&'static str, String)> {
    let (name, change, compare) = CHANGES[seed as usize % CHANGES.len()];
    let changed = change(file, seed / CHANGES.len() as u64)?;
    again(seed, &changed, |run| compare(result, run)).map(|difference| (name, difference))
}

/// What comes out differently where every wall clock is set an hour ahead, then an hour back, and
/// then runs too fast. No layer goes by it but what keeps answers, so nothing else may.
pub(super) fn by_other_clocks(seed: u64, file: &Value, result: &RunResult) -> Option<String> {
    let world = World::read(file);
    let mut layers = world.policies.values().flatten();
    if world.has_mail || layers.any(|layer| layer.kind == "idempotency") {
        // What is kept is kept by the wall clock, as it outlives processes.
        return None;
    }
    let mut changed = without_checks(file);
    let part = world.duration / 6;
    let wrong = [json!({ "ahead": "1h" }), json!({ "behind": "1h" }), json!({ "fast": "10%" })];
    for (number, wrong) in (1..).zip(wrong) {
        let (at, lasts) = (format!("{}ns", number * part), format!("{}ns", part * 3 / 2));
        let name = format!("everybody's clock {number}");
        let fault = json!({ "name": name, "at": at, "for": lasts, "clock": wrong });
        changed["faults"].as_array_mut()?.push(fault);
    }
    again(seed, &changed, |run| states_and_numbers(result, run))
}

/// Runs a scenario again, and says what of it is not as it was.
fn again(
    seed: u64,
    changed: &Value,
    compare: impl FnOnce(&RunResult) -> Vec<&'static str>,
) -> Option<String> {
    let scenario = match Scenario::parse("changed.json", &changed.to_string()) {
        Ok(scenario) => scenario,
        Err(invalid) => return Some(format!("it is refused: {invalid}")),
    };
    let run = match scenario.run(seed) {
        Ok(run) => run,
        Err(error) => return Some(format!("it does not run: {error}")),
    };
    let differing = compare(run.result());
    (!differing.is_empty()).then(|| format!("other {}", differing.join(", ")))
}

fn without_checks(file: &Value) -> Value {
    let mut changed = file.clone();
    changed["checks"] = json!({});
    changed
}

fn without_warmup(file: &Value, _: u64) -> Option<Value> {
    let mut changed = without_checks(file);
    changed["run"]["warmup"].is_string().then(|| {
        changed["run"]["warmup"] = json!("0s");
        changed
    })
}

/// Another service with a load of its own, which have nothing to do with anybody, even where they
/// are called like others.
fn strangers(file: &Value, choice: u64) -> Option<Value> {
    let mut changed = without_checks(file);
    let known = |name: &String| {
        let mut others = members(&file["services"]).chain(members(&file["load"]));
        // With a service `a` beside it, `a b c` is another call than it was.
        others.any(|(other, _)| other.starts_with(name.as_str()))
    };
    let policies = members(&file["policies"]).map(|(name, _)| name);
    let mut free = policies.filter(|name| choice.is_multiple_of(2) && !known(name));
    let mut called = |otherwise| free.next().map_or(otherwise, String::as_str);
    let (service, load) = (called("a stranger"), called("another stranger"));
    changed["services"][service] =
        json!({ "endpoints": { "e": [{ "compute": { "exp": { "mean": "10ms" } } }] } });
    changed["load"][load] = json!({ "target": service, "open": { "poisson": "20/s" } });
    Some(changed)
}

fn harmless_fault(file: &Value, choice: u64) -> Option<Value> {
    let mut changed = without_checks(file);
    let target = file["services"].as_object()?.keys().next()?;
    let mut fault = match choice % 4 {
        0 => json!({ "slow": { "target": target, "factor": 1 } }),
        1 => json!({ "errors": { "target": target, "rate": "0%" } }),
        2 => json!({ "loss": { "to": target, "rate": "0%" } }),
        _ => json!({ "latency": { "factor": 1 } }),
    };
    fault["at"] = json!("1ms");
    fault["name"] = json!("harmless");
    changed["faults"].as_array_mut()?.push(fault);
    Some(changed)
}

/// Layers that let everything pass. A timeout is none of them: inside another it ends at the same
/// instant, and who of several requests is told first is then another.
fn idle_layers() -> [Value; 8] {
    let many = 1_000_000;
    [
        json!({ "bulkhead": many }),
        json!({ "retry": { "attempts": 1 } }),
        json!({ "breaker": { "mode": "disabled" } }),
        json!({ "thread_pool": { "core": many, "queue": 0 } }),
        json!({ "shed": { "queue": { "limit": many } } }),
        json!({ "throttle": { "min_per_second": many } }),
        json!({ "limit": { "algorithm": { "aimd": { "min": many, "max": many, "timeout": "1000h" } } } }),
        json!({ "rate_limit": { "algorithm": { "gcra": { "rate": "1000000/s", "burst": many } } } }),
    ]
}

/// Such a layer in every policy, wherever it makes no other of its kind another one, as the streams
/// of layers go by how many of the kind are outside them.
fn idle_layer(file: &Value, choice: u64) -> Option<Value> {
    let world = World::read(file);
    let mut changed = without_checks(file);
    let all = idle_layers();
    let idle = &all[choice as usize % all.len()];
    let (kind, _) = members(idle).next()?;
    let choice = choice as usize / all.len();
    let fallbacks = world.policies.values().flatten().flat_map(|layer| &layer.fallbacks);
    let asked: Vec<_> = fallbacks.filter_map(|(_, call)| call.policy.as_ref()).collect();
    let mut any = false;
    for (name, layers) in &world.policies {
        if asked.contains(&name) && kind == "retry" {
            continue;
        }
        let first = layers.iter().rposition(|layer| layer.kind == *kind).map_or(0, |at| at + 1);
        let at = first + choice % (layers.len() + 1 - first);
        // Nothing may be between that and what it stands around.
        let beside = at > 0 && layers[at - 1].kind == "outlier";
        if !beside {
            changed["policies"][name].as_array_mut()?.insert(at, idle.clone());
            any = true;
        }
    }
    any.then_some(changed)
}

/// Such a layer on arrival at a service that has none. It takes a turn to pass, so that the order in
/// which things happen at one instant may be another: hence where everything is sent by chance, and
/// nobody who is inside is cut off at once.
fn open_door(file: &Value, choice: u64) -> Option<Value> {
    let world = World::read(file);
    if world.loads.values().any(|load| load.is_in_step) || world.has_fault(&STOPPING) {
        return None;
    }
    let mut changed = without_checks(file);
    let services = changed["services"].as_object_mut()?;
    // Behind a door a refusal is known a moment later, when the worker that it takes has other work.
    let is_closed =
        |service: &Value| ["inbound", "refusal"].iter().all(|key| service.get(key).is_none());
    let mut closed = services.iter_mut().filter(|(_, service)| is_closed(service));
    let (_, service) = closed.next()?;
    service["inbound"] = json!("an open door");
    let all = idle_layers();
    changed["policies"]["an open door"] = json!([all[choice as usize % all.len()]]);
    Some(changed)
}

/// The names of what differs.
fn differing(parts: &[(&'static str, bool)]) -> Vec<&'static str> {
    parts.iter().filter(|(_, same)| !same).map(|(name, _)| *name).collect()
}

fn everything(one: &RunResult, other: &RunResult) -> Vec<&'static str> {
    let json = cascadia_reports::json::to_json;
    let read: Result<RunResult, _> = serde_json::from_str(&json(one));
    differing(&[
        ("results", one == other),
        ("bytes", json(one) == json(other)),
        ("results when they are read again", read.is_ok_and(|read| read == *one)),
    ])
}

fn all_but_checks(one: &RunResult, other: &RunResult) -> Vec<&'static str> {
    let events = differing(&[("events", one.digest == other.digest && one.events == other.events)]);
    [events, states_and_numbers(one, other)].concat()
}

fn states_and_numbers(one: &RunResult, other: &RunResult) -> Vec<&'static str> {
    let rest = differing(&[
        ("layers", one.policies == other.policies),
        ("series", one.series == other.series),
        ("states", one.states == other.states),
    ]);
    [rest, numbers(one, other)].concat()
}

fn events(one: &RunResult, other: &RunResult) -> Vec<&'static str> {
    differing(&[
        ("events", one.digest == other.digest && one.events == other.events),
        ("states", one.states == other.states),
    ])
}

/// Loads and services, as far as both have them.
fn numbers(one: &RunResult, other: &RunResult) -> Vec<&'static str> {
    let (mine, theirs) = (&one.series, &other.series);
    differing(&[
        ("loads", one.loads.iter().all(|(name, load)| other.loads.get(name) == Some(load))),
        ("services", one.services.iter().all(|(name, it)| other.services.get(name) == Some(it))),
        ("series of loads", mine.loads.iter().all(|(name, it)| theirs.loads.get(name) == Some(it))),
        (
            "series of services",
            mine.services.iter().all(|(name, it)| theirs.services.get(name) == Some(it)),
        ),
    ])
}
