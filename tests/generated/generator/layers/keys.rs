use serde_json::{Value, json};

use crate::generated::generator::Generator;

/// Keys are known for longer than a request may take, and that is longer than clocks may be apart.
pub(super) fn idempotency(all: &mut Generator) -> Value {
    let mut layer = all.settings(
        40,
        &[
            ("timeout", Generator::patience),
            ("key", |all| json!(all.dice.pick(&["request", "subject"]))),
            ("scope", |all| json!(all.dice.pick(&["endpoint", "service"]))),
            ("wait", Generator::patience),
            ("keeps", |all| json!(all.dice.pick(&["final", "errors"]))),
        ],
    );
    if all.dice.chance(60) {
        let skew = all.moment();
        let lease = skew + all.moment() + 1;
        let times = [("skew", skew), ("lease", lease), ("time_to_live", lease + all.moment() + 1)];
        for (name, time) in times {
            layer[name] = json!(all.written(time));
        }
    }
    if all.dice.chance(60)
        && let Some(store) = all.table()
    {
        layer["store"] = json!(store);
    }
    layer
}
