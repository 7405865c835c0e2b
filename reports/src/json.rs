//! Results as JSON, and the JSON Schema that they keep.

use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde_json::{Value, json};

use crate::result::{RunResult, SweepResult};
use crate::sinks;

/// A [`RunResult`] or a [`SweepResult`] as indented JSON with a final newline.
///
/// Numbers that are not finite, which no sound result holds, are written as `null`.
///
/// # Panics
///
/// If `result` is a type of the caller that cannot be JSON; results always can.
pub fn to_json<T: Serialize>(result: &T) -> String {
    let mut text = serde_json::to_string_pretty(result).expect("a result is always valid JSON");
    text.push('\n');
    sinks::json(text)
}

/// The JSON Schema (draft 2020-12) of `result.json`: a run or a sweep.
pub fn schema() -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let run = generator.subschema_for::<RunResult>();
    let sweep = generator.subschema_for::<SweepResult>();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Cascadia result",
        "description": "What a run or a sweep over seeds saves.",
        "anyOf": [run, sweep],
        "$defs": generator.take_definitions(true),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn a_result_comes_back_as_it_was() {
        let (run, sweep) = (fixture::storm(), fixture::sweep());
        let text = to_json(&run);
        assert!(text.ends_with("}\n") && !text.contains("NaN"));
        assert!(serde_json::from_str::<RunResult>(&text).is_ok_and(|read| read == run));
        let text = to_json(&sweep);
        assert!(serde_json::from_str::<SweepResult>(&text).is_ok_and(|read| read == sweep));
    }

    #[test]
    fn the_schema_knows_both_kinds_and_keeps_the_docs() {
        let schema = schema();
        assert_eq!(schema["anyOf"][0]["$ref"], "#/$defs/RunResult");
        assert_eq!(schema["anyOf"][1]["$ref"], "#/$defs/SweepResult");
        let seed = &schema["$defs"]["RunResult"]["properties"]["seed"];
        assert_eq!(seed["description"], "The seed.");
        assert!(schema["$defs"]["CheckStatus"].is_object());
    }
}
