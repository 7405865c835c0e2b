use serde_json::{Value, json};

use crate::generated::generator::Generator;

pub(super) fn bulkhead(all: &mut Generator) -> Value {
    if all.dice.chance(40) {
        return all.number(1, 12);
    }
    let mut bulkhead = all.settings(
        60,
        &[
            ("limit", |all| all.number(1, 8)),
            ("max_wait", Generator::patience),
            ("max_waiting", |all| all.number(0, 10)),
        ],
    );
    if all.dice.chance(40) {
        bulkhead["per"] = json!(all.dice.pick(&["endpoint", "load", "priority", "key"]));
        if all.dice.chance(50) {
            bulkhead["max_keys"] = all.number(1, 4);
        }
    }
    bulkhead
}

pub(super) fn thread_pool(all: &mut Generator) -> Value {
    let mut pool = all.settings(40, &[("keepalive", Generator::patience)]);
    if all.dice.chance(10) {
        pool["core"] = json!(0);
        pool["max"] = all.number(1, 4);
        pool["queue"] = json!(0);
        return pool;
    }
    let core = all.dice.between(1, 6);
    pool["core"] = json!(core);
    if all.dice.chance(60) {
        pool["max"] = all.number(core, core + 4);
    }
    if all.dice.chance(80) {
        pool["queue"] = all.number(0, 10);
    }
    if all.dice.chance(40) {
        pool["max_wait"] = all.patience();
    }
    pool
}

const RULES: [&str; 4] = ["aimd", "vegas", "gradient2", "gradient"];

pub(super) fn limit(all: &mut Generator) -> Value {
    let rule = all.dice.pick(&RULES);
    if all.dice.chance(15) {
        return json!(rule);
    }
    let algorithm = match all.dice.chance(15) {
        true => json!(rule),
        false => json!({ rule: numbers(all, rule) }),
    };
    let mut limit = json!({ "algorithm": algorithm });
    if rule != "gradient" && all.dice.chance(40) {
        limit["window"] = window(all);
    }
    if all.dice.chance(30) {
        limit["count_local"] = all.flag();
    }
    limit
}

fn numbers(all: &mut Generator, rule: &str) -> Value {
    let least = all.dice.between(1, 4);
    let most = least + all.dice.between(0, 12);
    let initial = all.dice.between(least, most);
    let range = json!({ "min": least, "max": most, "initial": initial });
    let mut numbers = match rule {
        "aimd" => all.settings(
            50,
            &[("backoff", |all| all.factor(5, 9)), ("timeout", Generator::moment_text)],
        ),
        "vegas" => all.settings(
            50,
            &[("smoothing", |all| all.factor(1, 10)), ("probe", |all| all.number(1, 40))],
        ),
        "gradient2" => all.settings(
            50,
            &[
                ("smoothing", |all| all.factor(1, 10)),
                ("queue", |all| all.number(0, 6)),
                ("tolerance", |all| all.factor(10, 30)),
                ("long_window", |all| all.number(1, 100)),
            ],
        ),
        _ => all.settings(
            50,
            &[
                ("update", Generator::moment_text),
                ("min_rtt_interval", Generator::moment_text),
                ("jitter", |all| all.share(0, 100)),
                ("min_rtt_samples", |all| all.number(1, 20)),
                ("buffer", |all| all.share(0, 100)),
                ("quantile", |all| all.share(1, 100)),
            ],
        ),
    };
    let known: &[&str] = match rule {
        "aimd" | "gradient2" => &["min", "max", "initial"],
        "vegas" => &["max", "initial"],
        _ => &["min", "max"],
    };
    if all.dice.chance(85) {
        known.iter().for_each(|name| numbers[*name] = range[*name].clone());
    }
    numbers
}

fn window(all: &mut Generator) -> Value {
    let least = all.moment();
    let most = least + all.moment();
    let mut window = json!({ "min": all.written(least), "max": all.written(most) });
    if all.dice.chance(50) {
        window["samples"] = all.number(1, 20);
    }
    if all.dice.chance(50) {
        window["min_rtt"] = json!(all.dice.pick(&["0s", "1us", "1ms"]));
    }
    window
}
