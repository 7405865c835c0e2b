use serde_json::{Value, json};

use super::retry::per_second;
use crate::generated::generator::Generator;

pub(super) fn rate_limit(all: &mut Generator) -> Value {
    let rate = all.usual_rate();
    let rate = all.rate(rate);
    if all.dice.chance(20) {
        return json!(rate);
    }
    let kind =
        all.dice.pick(&["token_bucket", "gcra", "sliding_log", "sliding_counter", "fixed_cycle"]);
    let numbers = match kind {
        "token_bucket" | "gcra" => {
            let mut bucket = json!({ "rate": rate });
            if all.dice.chance(70) {
                bucket["burst"] = all.number(1, 20);
            }
            bucket
        }
        _ => json!({ "limit": all.dice.between(1, 20), "window": all.moment_text() }),
    };
    let mut limit = json!({ "algorithm": { kind: numbers } });
    if all.dice.chance(50) {
        limit["max_wait"] = all.patience();
    }
    limit
}

pub(super) fn shed(all: &mut Generator) -> Value {
    if all.dice.chance(50) {
        let dagor = all.settings(
            50,
            &[
                ("target", Generator::moment_text),
                ("window", Generator::moment_text),
                ("window_requests", |all| all.number(1, 100)),
                ("shrink", |all| all.share(1, 100)),
                ("grow", |all| all.share(1, 100)),
                ("priorities", |all| all.number(1, 20)),
            ],
        );
        return json!({ "dagor": dagor });
    }
    let queue = all.settings(
        60,
        &[
            ("limit", |all| all.number(1, 8)),
            ("max_waiting", |all| all.number(0, 20)),
            ("discipline", discipline),
        ],
    );
    json!({ "queue": queue })
}

/// Who is next in a queue, and who is shed.
pub(in crate::generated::generator) fn discipline(all: &mut Generator) -> Value {
    match all.dice.between(0, 6) {
        0 => json!("fifo"),
        1 => json!("lifo"),
        2 => json!("adaptive_lifo"),
        3 => json!("codel"),
        4 | 5 => json!({ "codel": codel(all) }),
        _ => json!({ "adaptive_lifo": all.settings(60, &[
            ("above", |all| all.number(0, 10)),
            ("codel", codel),
        ]) }),
    }
}

fn codel(all: &mut Generator) -> Value {
    if all.dice.chance(20) {
        return json!({});
    }
    let target = all.moment();
    let interval = target + all.moment();
    json!({ "target": all.written(target), "interval": all.written(interval) })
}

pub(super) fn throttle(all: &mut Generator) -> Value {
    all.settings(
        50,
        &[
            ("window", Generator::moment_text),
            ("buckets", |all| all.number(1, 200)),
            ("k", |all| all.factor(10, 40)),
            ("max_refused", |all| all.share(1, 100)),
            ("min_per_second", per_second),
            ("count_local", Generator::flag),
        ],
    )
}
