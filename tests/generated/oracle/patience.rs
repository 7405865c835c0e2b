//! Nobody waits longer than the policies let them.

use serde_json::Value;

use super::server::cuts_short;
use super::{Case, Judge, Rule, outcome};
use crate::generated::world::{Call, Layer, Step, World, calls, nanos};
use cascadia::result::OutcomeKind;

pub(super) const RULES: &[Rule] = &[
    ("no request lasts longer than its policies let it", most),
    ("what must have ended has ended", ended),
    ("nobody begins work for who has gone", gone),
    ("nobody waits for nothing", nothing),
];

/// No time at all but that of rounding.
const ROUNDING: u64 = 1_000;

/// The shortest delay of a copy that goes by the latencies of others, and that of a tied one.
const SHORTEST_DELAY: u64 = 1_000_000;

/// How long a call lasts at most, or nothing where it may last for ever.
pub(super) fn most_of(world: &World, from: &str, call: &Call) -> Option<u64> {
    let disturbed = !world.loses_nothing() || world.has_fault(&["latency"]);
    let far = world.link(from, &call.service).map_or(Some(0), |link| link.latency.max);
    let way = far.filter(|_| !disturbed).map(|far| 2 * far);
    let service = &world.services[&call.service];
    let steady = service.workers.is_none() && !world.has_fault(&["slow"]);
    let work = steps(world, &call.service, &world.endpoint(call).steps).filter(|_| steady);
    let inbound = around(world, from, world.layers(service.inbound.as_ref()), work);
    let there = way.and_then(|way| Some(inbound?.saturating_add(way)));
    around(world, from, world.layers(call.policy.as_ref()), there)
}

fn steps(world: &World, at: &str, list: &[Step]) -> Option<u64> {
    let step = |step: &Step| match step {
        Step::Compute(law) => law.max.map(|max| max + 1),
        Step::Fail(..) | Step::Answer | Step::MayFail(_) => Some(0),
        Step::Post => None,
        Step::Call(call) => most_of(world, at, call),
        Step::Parallel(branches) => longest(world, at, branches),
        Step::Chance(ways) => longest(world, at, ways),
        Step::Repeat(_, 0, _) => Some(0),
        Step::Repeat(_, most, list) => {
            steps(world, at, list).map(|turn| turn.saturating_mul(*most))
        }
    };
    list.iter().map(step).try_fold(0_u64, |sum, time| Some(sum.saturating_add(time?)))
}

fn longest(world: &World, at: &str, lists: &[Vec<Step>]) -> Option<u64> {
    let ends: Option<Vec<u64>> = lists.iter().map(|list| steps(world, at, list)).collect();
    ends.map(|ends| ends.into_iter().max().unwrap_or(0))
}

fn around(world: &World, from: &str, layers: &[Layer], inner: Option<u64>) -> Option<u64> {
    layers.iter().rev().fold(inner, |inner, layer| {
        let outside = &layers[..layer.at];
        let takes_rest = outside.iter().any(|layer| layer.value["last_takes_rest"] == true);
        bounded(world, from, layer, inner, takes_rest, &layers[layer.at + 1..])
    })
}

fn time(value: &Value) -> Option<u64> {
    value.as_str().and_then(nanos)
}

/// How long a layer and what is inside it last at most.
fn bounded(
    world: &World,
    from: &str,
    layer: &Layer,
    inner: Option<u64>,
    takes_rest: bool,
    inside: &[Layer],
) -> Option<u64> {
    let value = &layer.value;
    let shorter = |one: Option<u64>, other: Option<u64>| match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    };
    let longer = |more: Option<u64>| Some(inner?.saturating_add(more?));
    match layer.kind.as_str() {
        "timeout" => {
            let parts = (time(&value["connect"]), time(&value["read"]));
            let again = inside.iter().any(|layer| layer.copies() > 1.0);
            let connection = match parts {
                (Some(connect), Some(read)) if !again => Some(connect.saturating_add(read)),
                _ => None,
            };
            let overall = time(value).or_else(|| time(&value["overall"])).filter(|_| !takes_rest);
            shorter(shorter(inner, connection), overall)
        }
        "retry" => {
            let tries = layer.copies() as u64;
            let wait = longest_wait(value);
            let waits = wait.saturating_mul(tries - 1);
            inner.map(|inner| inner.saturating_mul(tries).saturating_add(waits))
        }
        "hedge" => {
            // A copy comes as late as a refusal of the one before asks.
            let asks = |layer: &Layer| cuts_short(layer) || layer.kind == "rate_limit";
            if world.policies.values().flatten().any(asks) {
                return None;
            }
            let copies = layer.copies() as u64 - 1;
            let usual = inner.map(|inner| inner.max(SHORTEST_DELAY));
            let delay = time(value).or_else(|| time(&value["delay"])).or(usual);
            longer(Some(delay?.saturating_mul(copies)))
        }
        "fallback" => {
            let others = layer.fallbacks.iter().map(|(_, call)| most_of(world, from, call));
            longer(others.sum())
        }
        "bulkhead" | "rate_limit" => longer(Some(time(&value["max_wait"]).unwrap_or(0))),
        "thread_pool" if value["queue"] == 0 => inner,
        // Who waits for a call that ends with the deadline of another may wait for one more.
        "singleflight" | "idempotency" => None,
        "thread_pool" => longer(time(&value["max_wait"])),
        "shed" if value.get("queue").is_some() => None,
        _ => inner,
    }
}

/// The longest wait between two tries: as long as a refusal asks, and the backoff besides.
fn longest_wait(value: &Value) -> u64 {
    longest_delay(value).saturating_add(longest_asked(value))
}

/// The longest that a refusal may ask a retry to wait.
pub(super) fn longest_asked(value: &Value) -> u64 {
    time(&value["max_retry_after"]).unwrap_or_else(|| longest_delay(value))
}

/// The longest delay of a backoff, which may be spread to twice its bound.
fn longest_delay(value: &Value) -> u64 {
    const DOCUMENT: u64 = 90_000_000_000;
    const USUAL: u64 = 250_000_000;
    let backoff = &value["backoff"];
    let kind = backoff.as_object().and_then(|backoff| backoff.values().next());
    match (backoff.as_str(), kind) {
        _ if value.is_string() => DOCUMENT,
        (Some("none"), _) => 0,
        (_, Some(delay)) if delay.is_string() => time(delay).unwrap_or(0),
        (_, Some(bounds)) => 2 * time(&bounds["max"]).unwrap_or(0),
        _ => USUAL,
    }
}

fn most(case: &Case<'_>, judge: &mut Judge) {
    for (name, load) in &case.world.loads {
        let Some(most) = most_of(&case.world, name, &load.call) else { continue };
        let Some(max) = case.result.loads[name].latency_all_ns.max else { continue };
        judge.expect(max <= most.saturating_add(ROUNDING), || {
            format!("{name}: a request took {max} ns, where {most} ns are the most")
        });
    }
}

fn ended(case: &Case<'_>, judge: &mut Judge) {
    let series = &case.result.series;
    for (name, load) in &case.world.loads {
        let Some(most) = most_of(&case.world, name, &load.call) else { continue };
        let last = case.world.duration.saturating_sub(most.saturating_add(ROUNDING));
        let ends = (1..).map(|number| case.world.warmup + number * series.window_ns);
        let windows = ends.zip(&series.loads[name].offered);
        let late: u64 = windows.filter(|(end, _)| *end > last).map(|(_, count)| count).sum();
        let unfinished = outcome(&case.result.loads[name], OutcomeKind::Unfinished);
        judge.expect(unfinished <= late, || {
            format!("{name}: {unfinished} unfinished, {late} sent in the last {most} ns")
        });
    }
}

/// How long a caller waits for a try at most before it sends a cancel message. Where calls are shared,
/// others may wait when the first has gone.
pub(super) fn patience(world: &World, call: &Call) -> Option<u64> {
    let layers = world.layers(call.policy.as_ref());
    let shared = layers.iter().rposition(|layer| layer.kind == "singleflight");
    let own = &layers[shared.map_or(0, |at| at + 1)..];
    let limits = own.iter().filter(|layer| layer.kind == "timeout").filter(|layer| {
        let outside = &layers[..layer.at];
        !outside.iter().any(|layer| layer.value["last_takes_rest"] == true)
    });
    limits.filter_map(|layer| time(&layer.value).or_else(|| time(&layer.value["overall"]))).min()
}

/// A service that hears of it drops what waits when its caller has gone.
fn gone(case: &Case<'_>, judge: &mut Judge) {
    let world = &case.world;
    if !world.loses_nothing() || world.has_fault(&["latency"]) {
        return;
    }
    let others = world.policies.values().flatten().flat_map(|layer| &layer.fallbacks);
    let every: Vec<&Call> = calls(world).into_iter().chain(others.map(|(_, call)| call)).collect();
    for (name, service) in world.services.iter().filter(|(_, it)| it.on_cancel != "ignore") {
        let farthest = world.links.values().map(|link| link.latency.max);
        let Some(farthest) = farthest.map(|max| max.ok_or(())).collect::<Result<Vec<_>, _>>().ok()
        else {
            continue;
        };
        let farthest = farthest.into_iter().max().unwrap_or(0);
        let mine = every.iter().filter(|call| call.service == *name);
        let longest: Option<Vec<u64>> = mine.map(|call| patience(world, call)).collect();
        let Some(longest) = longest.and_then(|all| all.into_iter().max()) else { continue };
        let limit = longest.saturating_add(farthest).saturating_add(ROUNDING);
        let _ = service;
        for wait in case.result.series.services[name].wait_ns.iter().flatten() {
            judge.expect(*wait <= limit as f64, || {
                format!("{name}: work began after {wait} ns, and nobody waits beyond {limit} ns")
            });
        }
    }
}

/// When all services have been idle for long and nothing was lost, everybody has an answer.
fn nothing(case: &Case<'_>, judge: &mut Judge) {
    let (world, series) = (&case.world, &case.result.series);
    if !world.loses_nothing() || !case.counts_all() {
        return;
    }
    let quarter = series.services.values().next().map_or(0, |it| it.arrivals.len()) / 4;
    let quiet = |list: &[f64]| list.iter().rev().take(quarter).all(|mean| *mean == 0.0);
    let idle = series.services.values().all(|it| {
        let none = it.arrivals.iter().rev().take(quarter).all(|count| *count == 0);
        none && quiet(&it.queue_mean) && quiet(&it.in_service_mean)
    });
    let span = quarter as u64 * series.window_ns;
    let sent =
        |name: &String| series.loads[name].offered.iter().rev().take(quarter).any(|n| *n > 0);
    if !idle || waits(world) >= span || world.loads.keys().any(sent) {
        return;
    }
    for (name, load) in &case.result.loads {
        let unfinished = outcome(load, OutcomeKind::Unfinished);
        judge.expect(unfinished == 0, || {
            format!("{name}: {unfinished} wait, and nobody has done anything for {span} ns")
        });
    }
}

/// The longest that anybody waits on purpose: for a turn, between tries, or on the way.
fn waits(world: &World) -> u64 {
    let links = world.links.values().map(|link| link.latency.max.unwrap_or(u64::MAX));
    let layers = world.policies.values().flatten();
    let layers = layers.map(|layer| match layer.kind.as_str() {
        "retry" => longest_wait(&layer.value),
        "hedge" => 0,
        _ => time(&layer.value["max_wait"]).unwrap_or(0),
    });
    let refuses = world.services.values().any(|service| service.refuses_slowly);
    let slow = if refuses || world.has_fault(&["latency"]) { u64::MAX } else { 0 };
    links.chain(layers).chain([slow]).max().unwrap_or(0)
}
