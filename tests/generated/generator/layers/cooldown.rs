use serde_json::{Value, json};

use crate::generated::generator::Generator;

pub(super) fn cooldown(all: &mut Generator) -> Value {
    let count_local = |all: &mut Generator| json!(all.dice.chance(50));
    let mut cooldown =
        all.settings(50, &[("pause", Generator::moment_text), ("count_local", count_local)]);
    if all.dice.chance(50) {
        cooldown["per"] = json!(all.dice.pick(&["endpoint", "load", "priority", "key"]));
        if all.dice.chance(50) {
            cooldown["max_keys"] = all.number(1, 3);
        }
    }
    cooldown
}
