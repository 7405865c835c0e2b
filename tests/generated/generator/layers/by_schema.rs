//! What the schema of files lets a value be.

use serde_json::{Map, Value, json};

use super::retry::per_second;
use crate::generated::generator::Generator;
use crate::generated::schema::committed;

impl Generator {
    /// Any value that a part of the schema allows.
    pub(super) fn by_schema(&mut self, part: &Value) -> Value {
        match part["$ref"].as_str() {
            Some("#/$defs/Duration") => return self.moment_text(),
            Some("#/$defs/Share") => return self.share(1, 100),
            Some("#/$defs/PerSecond") => return per_second(self),
            Some("#/$defs/Rate") => {
                let rate = self.usual_rate();
                return json!(self.rate(rate));
            }
            _ => {}
        }
        let part = committed().resolve(part);
        let others = committed().alternatives(part).filter(|inner| inner["type"] != "null");
        match others.collect::<Vec<_>>()[..] {
            [] => self.of_type(part),
            [only] => self.by_schema(only),
            ref several => {
                let one = self.dice.pick(several);
                self.by_schema(one)
            }
        }
    }

    fn of_type(&mut self, part: &Value) -> Value {
        if !part["const"].is_null() {
            return part["const"].clone();
        }
        if let Some(words) = part["enum"].as_array() {
            return self.dice.pick(words);
        }
        let types = part["type"].as_array().and_then(|types| types.first());
        match types.unwrap_or_else(|| &part["type"]).as_str() {
            Some("object") => self.object(part),
            Some("array") => {
                (0..self.dice.between(1, 2)).map(|_| self.by_schema(&part["items"])).collect()
            }
            Some("boolean") => self.flag(),
            Some("integer") => self.number(1, 20),
            Some("number") => self.factor(10, 30),
            other => panic!("nobody knows how {other:?} is drawn, of {part}"),
        }
    }

    fn object(&mut self, part: &Value) -> Value {
        let mut object = Map::new();
        let required = |name: &str| {
            part["required"].as_array().is_some_and(|names| names.iter().any(|it| it == name))
        };
        for (name, inner) in part["properties"].as_object().into_iter().flatten() {
            if name != "description" && (required(name) || self.dice.chance(50)) {
                object.insert(name.clone(), self.by_schema(inner));
            }
        }
        Value::Object(object)
    }
}
