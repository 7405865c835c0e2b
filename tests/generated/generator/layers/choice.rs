use serde_json::{Value, json};

use crate::generated::generator::Generator;

pub(super) fn balance(all: &mut Generator) -> Value {
    json!(all.dice.pick(&["round_robin", "random", "least_connections", "p2c"]))
}

pub(super) fn hedge(all: &mut Generator) -> Value {
    if all.dice.chance(20) {
        return delay(all);
    }
    all.settings(
        45,
        &[
            ("delay", delay),
            ("max", |all| all.number(1, 4)),
            ("budget", |all| match all.dice.between(0, 9) {
                0 => json!("0%"),
                1..=5 => json!("unlimited"),
                _ => all.share(0, 100),
            }),
            ("unsafe", Generator::flag),
            ("tied", Generator::flag),
        ],
    )
}

fn delay(all: &mut Generator) -> Value {
    match all.dice.chance(25) {
        true => json!(all.dice.pick(&["p50", "p95", "p999"])),
        false => all.patience(),
    }
}

pub(super) fn fallback(all: &mut Generator) -> Value {
    match all.dice.between(0, 3) {
        0 => json!("default"),
        1 => other(all),
        2 => json!([other(all), "default"]),
        _ => (0..all.dice.between(1, 2)).map(|_| other(all)).collect(),
    }
}

/// Another call, where there is somebody to be called.
fn other(all: &mut Generator) -> Value {
    let Some(call) = all.spare_target() else { return json!("default") };
    let mut step = json!({ "call": call });
    if all.dice.chance(50)
        && let Some(policy) = all.policy(|uses| uses.fallback)
    {
        step["policy"] = json!(policy);
    }
    if all.dice.chance(40) {
        step["limit"] = all.number(1, 10);
    }
    step
}

pub(super) fn outlier(all: &mut Generator) -> Value {
    let mut rules = all.settings(
        30,
        &[("max_ejection_percent", |all| all.share(1, 100)), ("count_local", Generator::flag)],
    );
    if all.dice.chance(90) {
        let (interval, base) = (all.sweep(), all.sweep());
        rules["interval"] = json!(all.written(interval));
        rules["base_ejection_time"] = json!(all.written(base));
        if all.dice.chance(40) {
            let max = base + all.sweep();
            rules["max_ejection_time"] = json!(all.written(max));
        }
    }
    if all.dice.chance(50) {
        rules["failure_percentage"] = failure_percentage(all);
    }
    if all.dice.chance(50) {
        rules["success_rate"] = success_rate(all);
    }
    if all.dice.chance(35) {
        return json!({ "grpc": rules });
    }
    let envoy = all.settings(
        30,
        &[
            ("max_ejection_time_jitter", Generator::moment_text),
            ("always_eject_one", Generator::flag),
            ("split_local_errors", Generator::flag),
            ("consecutive", run),
            ("consecutive_gateway", run),
            ("consecutive_local", run),
            ("enforcing_local_success_rate", |all| all.share(0, 100)),
            ("enforcing_local_failure_percentage", |all| all.share(0, 100)),
        ],
    );
    for (name, value) in envoy.as_object().into_iter().flatten() {
        rules[name] = value.clone();
    }
    json!({ "envoy": rules })
}

fn run(all: &mut Generator) -> Value {
    match all.dice.chance(50) {
        true => all.number(1, 6),
        false => all.settings(
            60,
            &[("errors", |all| all.number(1, 6)), ("enforcing", |all| all.share(0, 100))],
        ),
    }
}

fn success_rate(all: &mut Generator) -> Value {
    all.settings(
        60,
        &[
            ("stdev_factor", |all| all.factor(1, 30)),
            ("minimum_hosts", |all| all.number(1, 5)),
            ("request_volume", |all| all.number(1, 20)),
            ("enforcing", |all| all.share(0, 100)),
        ],
    )
}

fn failure_percentage(all: &mut Generator) -> Value {
    all.settings(
        60,
        &[
            ("threshold", |all| all.share(1, 100)),
            ("minimum_hosts", |all| all.number(1, 5)),
            ("request_volume", |all| all.number(1, 20)),
            ("enforcing", |all| all.share(0, 100)),
        ],
    )
}

impl Generator {
    /// Between two looks at all replicas, at least a millisecond and not too often.
    fn sweep(&mut self) -> u64 {
        self.ticks(1, 8).max(self.duration / 500).max(1_000_000)
    }
}
