use serde_json::{Value, json};

use crate::generated::generator::Generator;

pub(super) fn singleflight(all: &mut Generator) -> Value {
    let mut singleflight = all.settings(50, &[("max_age", Generator::moment_text)]);
    if all.dice.chance(50) {
        singleflight["per"] = json!(all.dice.pick(&["endpoint", "load", "priority"]));
    }
    singleflight
}
