use serde_json::{Map, Value, json};

use crate::dto;

/// The JSON schema of scenario files, from the types that read them.
pub fn schema() -> Value {
    let mut value = Value::from(schemars::schema_for!(dto::Scenario));
    if let Some(top) = value.as_object_mut() {
        top.insert("title".to_owned(), json!("Cascadia scenario"));
    }
    describe(&mut value);
    value
}

/// Lets every object of known keys have a description.
fn describe(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(describe),
        Value::Object(object) => {
            object.values_mut().for_each(describe);
            if object.get("additionalProperties") == Some(&Value::Bool(false)) {
                let properties =
                    object.entry("properties").or_insert_with(|| Value::Object(Map::new()));
                if let Some(properties) = properties.as_object_mut()
                    && !properties.contains_key("description")
                {
                    let text = json!({ "type": "string", "description": "Anything, for people." });
                    properties.insert("description".to_owned(), text);
                }
            }
        }
        _ => {}
    }
}
