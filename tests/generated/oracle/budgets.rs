//! What is sent again is paid for.

use serde_json::Value;

use super::{Case, Judge, Rule};
use crate::generated::world::{Layer, Way, calls, nanos, per_second, share};

pub(super) const RULES: &[Rule] = &[
    ("retries stay within their budget", retries),
    ("without a budget for copies there are none", copies),
];

/// A retry that is given up before it is sent is given back, so only calls that nobody gives up
/// are looked at: those of loads, in whose policy nothing outside stops waiting.
fn retries(case: &Case<'_>, judge: &mut Judge) {
    let Some(flow) = &case.flow else { return };
    for way in case.ways.iter().filter(|way| way.part == "retry" && !way.inbound) {
        let layers = &case.world.policies[&way.policy];
        let layer = &layers[way.at];
        let gives_up = |layer: &Layer| ["timeout", "hedge"].contains(&layer.kind.as_str());
        let Some(instances) = instances(case, way) else { continue };
        let Some(result) = case.result.policies.get(&way.name) else { continue };
        if layers[..way.at].iter().any(gives_up) || way.fallback {
            continue;
        }
        let calls = flow.layers.get(&way.name).copied().unwrap_or(0.0);
        let succeeded = result.counts.get("retry_succeeded").copied().unwrap_or(0) as f64;
        let seconds = case.world.duration as f64 / 1e9;
        let budget = &layer.value["budget"];
        if let Some(most) = most(budget, (calls, succeeded), instances, seconds) {
            let retried: u64 = result.retries.iter().sum();
            judge.expect(retried as f64 <= most, || {
                format!("{}: {retried} retries, and a budget of {most}: {budget}", way.name)
            });
        }
    }
}

/// How many of a layer there are, if only loads pass it.
fn instances(case: &Case<'_>, way: &Way) -> Option<f64> {
    let loads = case.world.loads.values();
    let mine = loads.filter(|load| {
        load.call.policy.as_ref() == Some(&way.policy) && load.call.service == way.service
    });
    let mine: Vec<f64> = mine.map(|load| load.population as f64).collect();
    let everywhere = calls(&case.world).into_iter();
    let everywhere = everywhere
        .filter(|call| call.policy.as_ref() == Some(&way.policy) && call.service == way.service);
    let replicas = case.world.services[&way.service].ever as f64;
    (everywhere.count() == mine.len()).then(|| mine.iter().sum::<f64>() * replicas)
}

fn most(
    budget: &Value,
    (calls, succeeded): (f64, f64),
    instances: f64,
    seconds: f64,
) -> Option<f64> {
    let number = |value: &Value, default: f64| value.as_f64().unwrap_or(default);
    let (kind, numbers) = budget.as_object()?.iter().next()?;
    match kind.as_str() {
        "tokens" => {
            // Every retry follows a failure, which costs a token, and half of them are not spent.
            let (max, earned) = (number(&numbers["max"], 10.0), number(&numbers["ratio"], 0.1));
            Some(instances * (max / 2.0 + 1.0) + earned * (calls + succeeded))
        }
        "aws" => {
            let costs = ["retry", "timeout", "throttling"].iter().zip([5.0, 10.0, 5.0]);
            let costs = costs.map(|(key, default)| number(&numbers[*key], default));
            let least = costs.fold(f64::INFINITY, f64::min);
            Some((instances * number(&numbers["capacity"], 500.0) + calls) / least + succeeded)
        }
        "bucket" => {
            let (holds, deposit) =
                (number(&numbers["capacity"], 5.0), number(&numbers["deposit"], 0.1));
            Some(instances * holds + deposit * (calls + succeeded))
        }
        "ratio" | "ttl" | "min_per_second" => {
            let ratio = share(&budget["ratio"]).unwrap_or(0.2);
            let ttl = budget["ttl"].as_str().and_then(nanos).unwrap_or(10_000_000_000) as f64 / 1e9;
            let each = &budget["min_per_second"];
            let each = each.as_str().and_then(per_second).unwrap_or_else(|| number(each, 10.0));
            // Time is cut in tenths of the span, so it is as if it were a little shorter.
            let spans = seconds / (0.9 * ttl) + 2.0;
            Some(ratio * calls + instances * (each * ttl + 1.0) * spans)
        }
        _ => None,
    }
}

fn copies(case: &Case<'_>, judge: &mut Judge) {
    for way in case.ways.iter().filter(|way| way.part == "hedge") {
        let layer = &case.world.policies[&way.policy][way.at];
        let none = share(&layer.value["budget"]) == Some(0.0);
        if let (true, Some(result)) = (none, case.result.policies.get(&way.name)) {
            let hedged = result.counts.get("hedged").copied().unwrap_or(0);
            judge.expect(hedged == 0, || format!("{}: {hedged} copies", way.name));
        }
    }
}
