//! Nothing happens more often than what it is a part of.

use std::collections::BTreeMap;

use cascadia::result::PolicyResult;

use super::{Case, Judge, Rule};

pub(super) const RULES: &[Rule] = &[
    ("no more requests arrive than are sent", arrivals),
    ("a layer does no more than there are calls", counts),
    ("no call is tried more often than it may be", retries),
    ("a constant load offers what its rate says", constant),
];

fn arrivals(case: &Case<'_>, judge: &mut Judge) {
    let Some(flow) = &case.flow else { return };
    // How often a layer asks a store is not known beforehand.
    let layers = || case.world.policies.values().flatten();
    let asked = |name: &str| layers().any(|layer| layer.value["store"] == name);
    for (name, service) in &case.result.services {
        if asked(name) {
            continue;
        }
        let most = flow.arrivals.get(name).copied().unwrap_or(0.0);
        judge.expect(service.arrivals as f64 <= most, || {
            format!("{name}: {} arrived where {most} were sent at most", service.arrivals)
        });
    }
}

fn sum(counts: &BTreeMap<String, u64>) -> u64 {
    counts.values().sum()
}

fn count(layer: &PolicyResult, name: &str) -> u64 {
    layer.counts.get(name).copied().unwrap_or(0)
}

fn counts(case: &Case<'_>, judge: &mut Judge) {
    let Some(flow) = &case.flow else { return };
    for way in &case.ways {
        let Some(layer) = case.result.policies.get(&way.name) else { continue };
        let calls = flow.layers.get(&way.name).copied().unwrap_or(0.0);
        let copies = case.world.policies[&way.policy][way.at].copies() - 1.0;
        let answered = count(layer, "fell_back") + count(layer, "fallback_failed");
        // Each step of a fallback bounds its calls by itself.
        let steps = case.world.policies[&way.policy][way.at].fallbacks.len().max(1) as f64;
        let first = layer.retries.first().copied().unwrap_or(0);
        for (what, number, most) in [
            ("refused", sum(&layer.rejected), calls * steps),
            ("stopped waiting for", layer.timed_out, calls),
            ("denied a retry", sum(&layer.denied), calls),
            ("answered or failed by a fallback", answered, calls),
            ("probes", count(layer, "probe"), calls),
            ("openings", count(layer, "opened"), calls),
            ("copies", count(layer, "hedged") + count(layer, "hedge_denied"), calls * copies),
            ("copies that won", count(layer, "hedge_won"), count(layer, "hedged") as f64),
            ("first retries", first, calls),
            ("retries that succeeded", count(layer, "retry_succeeded"), first as f64),
        ] {
            judge.expect(number as f64 <= most, || {
                format!("{}: {number} {what}, of {most} at most", way.name)
            });
        }
    }
}

/// Retries after the first are told apart up to the 32nd, with which those after it are counted.
fn retries(case: &Case<'_>, judge: &mut Judge) {
    for way in case.ways.iter().filter(|way| way.part == "retry") {
        let Some(layer) = case.result.policies.get(&way.name) else { continue };
        let attempts = case.world.policies[&way.policy][way.at].copies() as usize;
        judge.expect(layer.retries.len() < attempts.max(1), || {
            format!("{}: retries {:?} with {attempts} tries", way.name, layer.retries)
        });
        if case.counts_all() {
            let told_apart = &layer.retries[..layer.retries.len().min(31)];
            judge.expect(told_apart.is_sorted_by(|one, next| one >= next), || {
                format!("{}: retries {:?}", way.name, layer.retries)
            });
        }
    }
}

fn constant(case: &Case<'_>, judge: &mut Judge) {
    for (name, load) in &case.world.loads {
        let Some(rate) = load.rate.filter(|_| load.is_constant) else { continue };
        let sent = (0_u64..).map(|count| load.from + (count as f64 * 1e9 / rate).round() as u64);
        let sent = sent.take_while(|at| *at < load.until);
        let expected = sent.filter(|at| *at >= case.world.warmup).count() as u64;
        let offered = case.result.loads[name].offered;
        // A rate by the minute or the hour is no whole number, so the last may be one too many.
        judge.expect(offered.abs_diff(expected) <= u64::from(rate.fract() != 0.0), || {
            format!("{name}: {offered} offered, {expected} at {rate}/s")
        });
    }
}
