use serde_json::{Value, json};

use crate::generated::generator::Generator;

pub(super) fn retry(all: &mut Generator) -> Value {
    if all.dice.chance(3) {
        return json!("document");
    }
    let mut retry = all.settings(
        22,
        &[
            ("budget", budget),
            ("unsafe", Generator::flag),
            ("min_useful", Generator::moment_text),
            ("max_retry_after", Generator::patience),
            ("exact_retry_after", Generator::flag),
            ("max_depth", |all| all.number(0, 3)),
            ("last_takes_rest", Generator::flag),
            ("elsewhere", Generator::flag),
        ],
    );
    if all.dice.chance(80) {
        retry["attempts"] = json!(all.dice.pick(&[1, 2, 2, 2, 3, 3, 4]));
    } else if all.dice.chance(10) {
        retry["attempts"] = json!(40);
    }
    // The usual delays are short beside most ticks.
    if all.dice.chance(80) {
        retry["backoff"] = backoff(all);
    }
    retry
}

fn backoff(all: &mut Generator) -> Value {
    let (base, more) = (all.ticks(1, 3), all.ticks(1, 8));
    let (base, max) = (all.written(base), all.written(base + more));
    let mut growth = json!({ "base": base, "max": max });
    let bounds = growth.clone();
    if all.dice.chance(40) {
        growth["factor"] = all.factor(10, 40);
    }
    match all.dice.between(0, 8) {
        0 | 1 => json!("none"),
        2 => json!({ "fixed": base }),
        3 => json!({ "linear": bounds }),
        4 => json!({ "exponential": growth }),
        5 => json!({ "full_jitter": growth }),
        6 => json!({ "equal_jitter": growth }),
        7 => {
            if all.dice.chance(60) {
                growth["spread"] = all.share(0, 100);
            }
            json!({ "proportional": growth })
        }
        _ => json!({ "decorrelated": bounds }),
    }
}

fn budget(all: &mut Generator) -> Value {
    match all.dice.between(0, 6) {
        0 | 1 => all.settings(
            60,
            &[
                ("ratio", |all| all.share(0, 100)),
                ("ttl", Generator::moment_text),
                ("min_per_second", per_second),
            ],
        ),
        2 => json!({ "tokens": all.settings(60, &[
            ("max", |all| all.factor(10, 200)),
            ("ratio", |all| all.factor(1, 30)),
        ]) }),
        3 => json!({ "aws": aws(all) }),
        4 => json!({ "concurrent": all.settings(60, &[
            ("share", |all| all.share(1, 100)),
            ("min", |all| all.number(0, 4)),
        ]) }),
        5 => json!({ "bucket": all.settings(60, &[
            ("capacity", |all| all.factor(20, 100)),
            ("deposit", |all| all.factor(1, 20)),
            ("on", |all| json!(all.dice.pick(&["request", "success"]))),
        ]) }),
        _ => json!({ "cumulative": all.settings(60, &[("failures", |all| all.share(1, 100))]) }),
    }
}

fn aws(all: &mut Generator) -> Value {
    let mut aws = all.settings(
        60,
        &[
            ("retry", |all| all.number(1, 10)),
            ("timeout", |all| all.number(1, 10)),
            ("throttling", |all| all.number(1, 10)),
        ],
    );
    if all.dice.chance(60) {
        aws["capacity"] = all.number(10, 60);
    }
    aws
}

/// So many a second, with or without the unit.
pub(super) fn per_second(all: &mut Generator) -> Value {
    match all.dice.chance(50) {
        true => all.number(0, 10),
        false => json!(format!("{}/s", all.dice.between(0, 10))),
    }
}
