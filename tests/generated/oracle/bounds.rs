//! No figure is beyond what its definition allows.

use super::{Case, Judge, Rule};
use crate::generated::world::share;

pub(super) const RULES: &[Rule] = &[
    ("shares are between nothing and all", shares),
    ("queues and workers are no more than there are", rooms),
    ("unlimited workers let nobody wait", unlimited),
    ("levels stay within their settings", levels),
    ("levels lie between their least and their greatest", readings),
];

const SLACK: f64 = 1e-9;

fn shares(case: &Case<'_>, judge: &mut Judge) {
    for (name, service) in &case.result.services {
        let limited = case.world.services[name].workers.is_some();
        let replicas = service.replicas.iter().map(|replica| replica.utilisation);
        let series = &case.result.series.services[name];
        let busy = replicas.chain(series.utilisation.iter().copied()).chain([service.utilisation]);
        let others = series.wasted_share.iter().copied();
        let others =
            others.chain([service.wasted_share, service.figures.get("refusing_share").copied()]);
        for (share, needs_workers) in
            busy.map(|share| (share, true)).chain(others.map(|share| (share, false)))
        {
            let sane = share.is_none_or(|share| (0.0..=1.0 + SLACK).contains(&share));
            judge.expect(sane && (limited || !needs_workers || share.is_none()), || {
                format!("{name}: a share of {share:?}")
            });
        }
    }
}

fn rooms(case: &Case<'_>, judge: &mut Judge) {
    for (name, service) in &case.result.services {
        let setting = &case.world.services[name];
        let series = &case.result.series.services[name];
        let replicas = setting.ever as f64;
        if let Some(capacity) = setting.queue["capacity"].as_u64() {
            judge.expect(service.queue_max <= capacity, || {
                format!("{name}: {} waited where {capacity} may", service.queue_max)
            });
        }
        let most = service.queue_max as f64 * replicas;
        for mean in series.queue_mean.iter().chain([&service.queue_mean]) {
            judge.expect((0.0..=most + SLACK).contains(mean), || {
                format!("{name}: {mean} waited on average, and {most} at most")
            });
        }
        let Some(workers) = setting.workers else { continue };
        let most = workers as f64 * replicas;
        for mean in series.in_service_mean.iter().chain([&service.in_service_mean]) {
            judge.expect((0.0..=most + SLACK).contains(mean), || {
                format!("{name}: {mean} were in service on average, of {most} workers")
            });
        }
    }
}

fn unlimited(case: &Case<'_>, judge: &mut Judge) {
    for (name, service) in &case.result.services {
        if case.world.services[name].workers.is_none() {
            let waited = service.wait_ns.is_some_and(|wait| wait > 0.0);
            judge.expect(service.queue_max == 0 && !waited, || {
                format!("{name}: {} waited, for {:?} ns", service.queue_max, service.wait_ns)
            });
        }
    }
}

fn levels(case: &Case<'_>, judge: &mut Judge) {
    for way in &case.ways {
        let Some(result) = case.result.policies.get(&way.name) else { continue };
        let layer = &case.world.policies[&way.policy][way.at];
        let replicas = case.world.services[&way.service].ever as f64;
        for (level, reading) in &result.levels {
            let value = &layer.value;
            let (least, most) = match level.as_str() {
                "limit" => limits(value),
                "refused" if layer.kind == "throttle" => {
                    (0.0, share(&value["max_refused"]).unwrap_or(0.9))
                }
                "refused" => (0.0, 1.0),
                "ejected" => (0.0, ejected(value, replicas)),
                _ => (0.0, f64::INFINITY),
            };
            let inside = |value: Option<f64>| {
                value.is_none_or(|value| (least - SLACK..=most + SLACK).contains(&value))
            };
            judge
                .expect(inside(reading.min) && inside(reading.max) && inside(reading.last), || {
                    format!("{}: {level} is {reading:?}, not within {least} and {most}", way.name)
                });
        }
    }
}

/// The least and the most that a limit on calls under way may be.
fn limits(value: &serde_json::Value) -> (f64, f64) {
    let algorithm = if value.is_string() { value } else { &value["algorithm"] };
    let (rule, numbers) = match algorithm.as_object().and_then(|rule| rule.iter().next()) {
        Some((rule, numbers)) => (rule.as_str(), numbers),
        None => (algorithm.as_str().unwrap_or_default(), &serde_json::Value::Null),
    };
    let (least, most) = match rule {
        "aimd" | "gradient2" => (20.0, 200.0),
        "vegas" => (1.0, 1_000.0),
        _ => (3.0, 1_000.0),
    };
    let most = numbers["max"].as_f64().unwrap_or(most);
    (numbers["min"].as_f64().unwrap_or(least).min(most), most)
}

/// How many of so many replicas may be ejected.
fn ejected(value: &serde_json::Value, replicas: f64) -> f64 {
    let part = |rules: &serde_json::Value| share(&rules["max_ejection_percent"]).unwrap_or(0.1);
    if let Some(rules) = value.get("grpc") {
        return (part(rules) * replicas - SLACK).ceil();
    }
    let rules = &value["envoy"];
    let one = rules["always_eject_one"].as_bool().unwrap_or(false);
    (part(rules) * replicas + SLACK).floor().max(f64::from(u8::from(one)))
}

fn readings(case: &Case<'_>, judge: &mut Judge) {
    for (name, layer) in &case.result.series.policies {
        for (level, series) in &layer.levels {
            let lists = series.min.iter().zip(&series.mean).zip(&series.max);
            for ((min, mean), max) in lists {
                let sorted = match (min, mean, max) {
                    (Some(min), Some(mean), Some(max)) => {
                        *min <= mean + SLACK && *mean <= max + SLACK
                    }
                    (None, None, None) => true,
                    _ => false,
                };
                judge.expect(sorted, || format!("{name}: {level} {min:?} {mean:?} {max:?}"));
            }
        }
    }
}
