//! No answer comes sooner than its work and its way allow.

use cascadia::result::{Latency, LoadResult, OutcomeKind};

use super::{Case, Judge, Rule, close, outcome};
use crate::generated::world::{Call, Step, World};

pub(super) const RULES: &[Rule] = &[
    ("no answer comes before its work is done", least),
    ("work that is always the same takes always the same", exact),
    ("percentiles are in order", percentiles),
];

/// What rounding may take from a step.
const ROUNDING: u64 = 16;

/// The least time of a call that ends in success. With a fallback that may be none, and so it may
/// for who waits for the answer of another.
fn least_of(world: &World, from: &str, call: &Call) -> u64 {
    let has = |policy: Option<&String>, kind: &str| {
        world.layers(policy).iter().any(|layer| layer.kind == kind)
    };
    let falls_back = |policy| has(policy, "fallback");
    if falls_back(call.policy.as_ref()) || has(call.policy.as_ref(), "singleflight") {
        return 0;
    }
    let shrinks = |kind: &str| {
        let factors = world.faults.iter().filter(|fault| fault.kind == kind);
        factors.filter_map(|fault| fault.value["factor"].as_f64()).any(|factor| factor < 1.0)
    };
    let far = world.link(from, &call.service).map_or(0, |link| link.latency.min);
    let way = if shrinks("latency") { 0 } else { 2 * far };
    let service = &world.services[&call.service];
    // What is known of a key is answered at once.
    if falls_back(service.inbound.as_ref()) || has(service.inbound.as_ref(), "idempotency") {
        return way;
    }
    way + steps(world, &call.service, &world.endpoint(call).steps, !shrinks("slow"))
}

fn steps(world: &World, at: &str, list: &[Step], works: bool) -> u64 {
    let step = |step: &Step| match step {
        Step::Compute(law) if works => law.min.saturating_sub(1),
        Step::Compute(_) | Step::Fail(..) | Step::Answer | Step::Post | Step::MayFail(_) => 0,
        Step::Call(call) => least_of(world, at, call),
        Step::Parallel(branches) => {
            branches.iter().map(|list| steps(world, at, list, works)).max().unwrap_or(0)
        }
        Step::Repeat(least, _, list) => match list.iter().any(answers) {
            true => steps(world, at, list, works) * least.min(&1),
            false => steps(world, at, list, works) * least,
        },
        Step::Chance(ways) => {
            ways.iter().map(|list| steps(world, at, list, works)).min().unwrap_or(0)
        }
    };
    let done = list.iter().position(answers).map_or(list.len(), |at| at + 1);
    list[..done].iter().map(step).sum()
}

/// Whether a step may end a request with success, in a branch or not.
fn answers(step: &Step) -> bool {
    match step {
        Step::Answer => true,
        Step::Repeat(_, _, steps) => steps.iter().any(answers),
        Step::Parallel(branches) => branches.iter().flatten().any(answers),
        Step::Chance(ways) => ways.iter().flatten().any(answers),
        _ => false,
    }
}

fn least(case: &Case<'_>, judge: &mut Judge) {
    for (name, load) in &case.world.loads {
        let least = least_of(&case.world, name, &load.call);
        let Some([_, high, _]) = case.result.loads[name].histogram.first() else { continue };
        judge.expect(*high + ROUNDING > least, || {
            format!("{name}: an answer within {high} ns, where {least} ns are the least")
        });
    }
}

/// Work and ways of which each is always the same, and nothing on the way that could wait.
fn exact(case: &Case<'_>, judge: &mut Judge) {
    let world = &case.world;
    for (name, load) in &world.loads {
        let call = &load.call;
        let service = &world.services[&call.service];
        let is_work = |step: &Step| matches!(step, Step::Compute(law) if law.is_exact());
        let steady = world.link(name, &call.service).is_none_or(|link| link.latency.is_exact());
        let plain = call.policy.is_none() && service.inbound.is_none() && service.workers.is_none();
        let works = world.endpoint(call).steps.iter().all(is_work);
        let calm = !world.has_fault(&["slow", "latency"]);
        let measured = &case.result.loads[name].latency_ns;
        if let (true, Some(max)) = (steady && plain && works && calm, measured.max) {
            let (least, mean) = (least_of(world, name, call), measured.mean.unwrap_or(0.0));
            judge.expect(max.abs_diff(least) <= ROUNDING && close(mean, max as f64), || {
                format!("{name}: {mean} ns on average and {max} ns at most, not {least} ns")
            });
        }
    }
}

fn percentiles(case: &Case<'_>, judge: &mut Judge) {
    for (name, load) in &case.result.loads {
        for latency in [&load.latency_ns, &load.latency_all_ns] {
            let Latency { mean, p50, p90, p95, p99, p999, p9999, max } = latency;
            let known: Vec<u64> =
                [p50, p90, p95, p99, p999, p9999].into_iter().flatten().copied().collect();
            let below = mean.is_none_or(|mean| mean <= max.unwrap_or(0) as f64);
            judge.expect(known.is_sorted() && below && mean.is_some() == max.is_some(), || {
                format!("{name}: {latency:?}")
            });
        }
        let (ok, all) = (&load.latency_ns, &load.latency_all_ns);
        judge.expect(ok.max <= all.max, || format!("{name}: {ok:?} of {all:?}"));
        parts_of_all(load, judge, name);
    }
}

/// The values of ok are among those of all, so ranks among the ones bound ranks among the others.
/// Quantiles are exact but for the width of a bucket.
fn parts_of_all(load: &LoadResult, judge: &mut Judge, name: &str) {
    let (of_ok, of_all) = (outcome(load, OutcomeKind::Ok) as f64, load.offered as f64);
    let (ok, all) = (&load.latency_ns, &load.latency_all_ns);
    let sum = |mean: Option<f64>, count: f64| mean.unwrap_or(0.0) * count;
    judge.expect(sum(ok.mean, of_ok) <= sum(all.mean, of_all) * 1.000_001, || {
        format!("{name}: {ok:?} of {all:?}")
    });
    let most = |value: u64| value + value / 64 + ROUNDING;
    for (share, among_ok) in quantiles(ok) {
        for (other, among_all) in quantiles(all) {
            let above = other * of_all <= share * of_ok && among_all > most(among_ok);
            let below =
                share * of_ok <= other * of_all - (of_all - of_ok) && among_ok > most(among_all);
            judge.expect(!above && !below, || {
                format!(
                    "{name}: {among_ok} ns are {share} of ok, and {among_all} ns {other} of all"
                )
            });
        }
    }
}

fn quantiles(latency: &Latency) -> Vec<(f64, u64)> {
    let Latency { p50, p90, p95, p99, p999, p9999, .. } = latency;
    let shares = [0.5, 0.9, 0.95, 0.99, 0.999, 0.9999];
    let known = shares.into_iter().zip([p50, p90, p95, p99, p999, p9999]);
    known.filter_map(|(share, value)| Some((share, (*value)?))).collect()
}
