use serde_json::{Value, json};

use crate::generated::generator::Generator;

pub(super) fn timeout(all: &mut Generator) -> Value {
    if all.dice.chance(65) {
        return all.patience();
    }
    let parts = all.settings(
        60,
        &[
            ("overall", Generator::patience),
            ("connect", Generator::patience),
            ("read", Generator::patience),
        ],
    );
    match parts.as_object().is_some_and(|parts| parts.is_empty()) {
        true => json!({ "overall": all.moment_text() }),
        false => parts,
    }
}

pub(super) fn deadline(all: &mut Generator) -> Value {
    all.settings(50, &[("min_remaining", remaining), ("hop_margin", remaining)])
}

/// Often just as long as the work takes.
fn remaining(all: &mut Generator) -> Value {
    match all.dice.between(0, 3) {
        0 => json!("0s"),
        1 | 2 => json!(all.written(all.work)),
        _ => all.moment_text(),
    }
}
