//! Names of the two formats, as their schemas have them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Names;

pub(super) fn names() -> Names {
    Names::from([
        ("Format of results", of(&cascadia_reports::json::schema())),
        ("Format of scenarios", of(&cascadia_scenarios::schema())),
    ])
}

/// Keys as `Part.key`, words as `Part = word`, and quantities with the form that gives their units.
fn of(schema: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    gather("", schema, &mut found);
    for (part, schema) in schema["$defs"].as_object().unwrap() {
        gather(part, schema, &mut found);
    }
    found
}

fn gather(part: &str, schema: &Value, found: &mut BTreeSet<String>) {
    for (key, value) in schema.as_object().into_iter().flatten() {
        match (key.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                for (key, schema) in properties.iter().filter(|(key, _)| *key != "description") {
                    let name = format!("{part}.{key}");
                    gather(&name, schema, found);
                    found.insert(name);
                }
            }
            ("const", Value::String(word)) => {
                found.insert(format!("{part} = {word}"));
            }
            ("enum", Value::Array(words)) => {
                found.extend(words.iter().map(|word| format!("{part} = {word}")));
            }
            ("pattern", Value::String(pattern)) => {
                found.insert(format!("{part} as {pattern}"));
            }
            ("oneOf" | "anyOf" | "prefixItems", Value::Array(schemas)) => {
                schemas.iter().for_each(|schema| gather(part, schema, found));
            }
            ("items" | "additionalProperties", schema) => gather(part, schema, found),
            _ => {}
        }
    }
}
