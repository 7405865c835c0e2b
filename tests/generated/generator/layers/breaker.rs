use serde_json::{Value, json};

use crate::generated::generator::Generator;

pub(super) fn breaker(all: &mut Generator) -> Value {
    if all.dice.chance(6) {
        return json!("document");
    }
    let mut breaker = all.settings(
        30,
        &[
            ("failure_rate", |all| all.share(1, 100)),
            ("slow_rate", |all| all.share(1, 100)),
            ("half_open", half_open),
            ("count_local", Generator::flag),
        ],
    );
    if all.dice.chance(50) {
        breaker["window"] = windows(all);
    }
    if all.dice.chance(60) || breaker["window"].as_array().is_some_and(Vec::is_empty) {
        breaker["consecutive"] = all.number(1, 6);
    }
    if all.dice.chance(70) {
        breaker["min_calls"] = all.number(1, 12);
    }
    if all.dice.chance(15) {
        breaker["slow_call"] = all.moment_text();
    }
    if all.dice.chance(85) {
        breaker["open"] = open(all);
    }
    if all.dice.chance(8) {
        breaker["mode"] = json!(all.dice.pick(&["forced_open", "disabled", "metrics_only"]));
    }
    breaker
}

fn windows(all: &mut Generator) -> Value {
    match all.dice.chance(70) {
        true => window(all),
        false => (0..all.dice.between(0, 3)).map(|_| window(all)).collect(),
    }
}

fn window(all: &mut Generator) -> Value {
    match all.dice.between(0, 3) {
        0 => json!({ "count": all.dice.between(1, 30) }),
        1 => json!({ "ewma": all.moment_text() }),
        2 => json!({ "time": all.patience() }),
        _ => {
            let mut span = json!({ "span": all.moment_text() });
            if all.dice.chance(60) {
                span["buckets"] = all.number(1, 20);
            }
            json!({ "time": span })
        }
    }
}

fn open(all: &mut Generator) -> Value {
    if all.dice.chance(60) {
        return all.patience();
    }
    let base = all.moment();
    let (max, min) = (base + all.moment(), base / 2);
    let mut open = json!({ "base": all.written(base), "max": all.written(max) });
    if all.dice.chance(30) {
        open["min"] = json!(all.written(min));
    }
    if all.dice.chance(50) {
        open["factor"] = all.factor(10, 40);
    }
    if all.dice.chance(60) {
        open["jitter"] = json!(all.dice.pick(&["none", "equal", "full"]));
    }
    open
}

fn half_open(all: &mut Generator) -> Value {
    let permits = all.dice.between(1, 4);
    let mut half = json!({ "permits": permits });
    if all.dice.chance(40) {
        half["successes"] = all.number(1, permits);
    }
    if all.dice.chance(60) {
        half["stuck"] = json!(all.dice.pick(&["open", "close", "wait"]));
    }
    if all.dice.chance(40) && half["stuck"] != "wait" {
        half["max_wait"] = all.patience();
    }
    if all.dice.chance(50) {
        half["reopen"] = json!(all.dice.pick(&["first_failure", "rate"]));
    }
    half
}
