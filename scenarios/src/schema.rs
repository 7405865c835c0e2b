use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::decode::{Absent, Case, Decode as _, Def, Field, Shape};
use crate::elements::Scenario;

/// The JSON schema of scenario files, from the forms that read them.
pub fn schema() -> Value {
    let mut schema = Schema::default();
    let Shape::Object(def) = Scenario::shape() else { return Value::Bool(true) };
    let mut top = schema.object(&def);
    top.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    top.insert("title".to_owned(), json!("Cascadia scenario"));
    top.insert("$defs".to_owned(), schema.named.into_iter().collect());
    Value::Object(top)
}

/// A schema while it is made.
#[derive(Default)]
struct Schema {
    /// The shapes that have a name.
    named: BTreeMap<&'static str, Value>,
}

impl Schema {
    fn shape(&mut self, shape: &Shape) -> Value {
        match shape {
            Shape::Anything => Value::Bool(true),
            Shape::Flag => json!({ "type": "boolean" }),
            Shape::Text => json!({ "type": "string" }),
            Shape::Number => json!({ "type": "number" }),
            Shape::Whole { least, most } => {
                json!({ "type": "integer", "minimum": least, "maximum": most })
            }
            Shape::List(items) => json!({ "type": "array", "items": self.shape(&items()) }),
            Shape::Map(values) => {
                json!({ "type": "object", "additionalProperties": self.shape(&values()) })
            }
            Shape::Quantity(quantity) => self.once(quantity.name, |_| {
                json!({
                    "type": "string",
                    "description": quantity.about,
                    "pattern": quantity.pattern,
                    "examples": quantity.examples,
                })
            }),
            Shape::Object(def) => self.once(def.name, |schema| Value::Object(schema.object(def))),
            Shape::Choice(def) => self.once(def.name, |schema| {
                let cases = (def.parts)();
                let cases: Vec<Value> = cases.iter().flat_map(|case| schema.case(case)).collect();
                described(json!({ "oneOf": cases }), def.about.trim())
            }),
            Shape::Any(def) => self.once(def.name, |schema| {
                let shapes = (def.parts)();
                let shapes: Vec<Value> = shapes.iter().map(|shape| schema.shape(shape)).collect();
                described(json!({ "anyOf": shapes }), def.about.trim())
            }),
        }
    }

    /// A reference to what has this name, which is made once; what has no name is put in place.
    fn once(&mut self, name: &'static str, make: impl FnOnce(&mut Self) -> Value) -> Value {
        if name.is_empty() {
            return make(self);
        }
        if !self.named.contains_key(name) {
            // A shape may contain itself.
            self.named.insert(name, Value::Null);
            let made = make(self);
            self.named.insert(name, made);
        }
        json!({ "$ref": format!("#/$defs/{name}") })
    }

    fn object(&mut self, def: &Def<Field>) -> Map<String, Value> {
        let fields = (def.parts)();
        let needed = fields.iter().filter(|field| field.absent == Absent::Wrong);
        let needed: Vec<&str> = needed.map(|field| field.key).collect();
        let properties = fields.iter().map(|field| (field.key, self.field(field)));
        let mut object = closed(properties.collect(), &needed);
        object.insert("description".to_owned(), json!(def.about.trim()));
        let kinds = fields.iter().filter(|field| field.absent == Absent::Another);
        let kinds: Vec<Value> = kinds.map(|kind| json!({ "required": [kind.key] })).collect();
        if !kinds.is_empty() {
            object.insert("allOf".to_owned(), json!([{ "oneOf": kinds }]));
        }
        object
    }

    fn field(&mut self, field: &Field) -> Value {
        let shape = self.shape(&field.shape);
        match &field.absent {
            Absent::Wrong => described(shape, field.about.trim()),
            Absent::Means(text) => {
                described(or_null(shape), &format!("{} Default: {text}.", field.about.trim()))
            }
            Absent::Defaults | Absent::Another => described(or_null(shape), field.about.trim()),
        }
    }

    /// The word, and the object of the only key.
    fn case(&mut self, case: &Case) -> Vec<Value> {
        let about = case.about.trim();
        let word = json!({ "type": "string", "const": case.key });
        let word = case.word.then(|| described(word, about));
        let object = case.under.as_ref().map(|under| {
            let properties = BTreeMap::from([(case.key, self.shape(under))]);
            described(Value::Object(closed(properties, &[case.key])), about)
        });
        word.into_iter().chain(object).collect()
    }
}

/// An object of known keys, and of a description for people.
fn closed(mut properties: BTreeMap<&str, Value>, needed: &[&str]) -> Map<String, Value> {
    let for_people = described(json!({ "type": "string" }), "Anything, for people.");
    properties.entry("description").or_insert(for_people);
    let mut object = Map::new();
    object.insert("type".to_owned(), json!("object"));
    object.insert("properties".to_owned(), json!(properties));
    object.insert("additionalProperties".to_owned(), Value::Bool(false));
    if !needed.is_empty() {
        object.insert("required".to_owned(), json!(needed));
    }
    object
}

fn described(mut schema: Value, about: &str) -> Value {
    if let Some(object) = schema.as_object_mut().filter(|_| !about.is_empty()) {
        object.insert("description".to_owned(), json!(about));
    }
    schema
}

/// Null is as if the key were not there.
fn or_null(mut schema: Value) -> Value {
    if let Some(kind) = schema.get_mut("type") {
        *kind = json!([kind.take(), "null"]);
        return schema;
    }
    if schema.is_boolean() { schema } else { json!({ "anyOf": [schema, { "type": "null" }] }) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::decode::Kind;
    use crate::disciplines::Discipline;
    use crate::faults::Faults;
    use crate::laws::LawKind;
    use crate::layers::Layers;
    use crate::loads::{Arrivals, OpenLoad};
    use crate::steps::Steps;

    /// The kinds of everything of which there are several, with the part of the schema.
    fn registries() -> Vec<(&'static str, Vec<&'static str>)> {
        fn keys<T>(kinds: &[Kind<T>]) -> Vec<&'static str> {
            kinds.iter().map(|kind| kind.key).collect()
        }
        vec![
            ("Layers", keys(Layers::KINDS)),
            ("Fault", keys(Faults::KINDS)),
            ("Step", keys(Steps::KINDS)),
            ("LawKind", keys(LawKind::KINDS)),
            ("Discipline", keys(Discipline::KINDS)),
            ("Load", keys(Arrivals::KINDS)),
            ("OpenLoad", keys(OpenLoad::KINDS)),
        ]
    }

    /// The keys and words that a part of the schema knows.
    fn known<'a>(schema: &'a Value, part: &'a Value, found: &mut BTreeSet<&'a str>) {
        if let Some(reference) = part["$ref"].as_str() {
            let part = schema.pointer(&reference[1..]).expect("references lead somewhere");
            return known(schema, part, found);
        }
        found.extend(part["const"].as_str());
        found.extend(part["properties"].as_object().into_iter().flatten().map(|(key, _)| &**key));
        for list in [&part["oneOf"], &part["anyOf"]] {
            list.as_array().into_iter().flatten().for_each(|part| known(schema, part, found));
        }
    }

    #[test]
    fn every_kind_is_in_the_schema_and_in_the_reference() {
        let (schema, reference) = (schema(), crate::reference());
        for (name, keys) in registries() {
            let mut found = BTreeSet::new();
            known(&schema, &schema["$defs"][name], &mut found);
            for key in keys {
                assert!(found.contains(key), "{key} is not in the schema of {name}");
                let row = format!("\n| `{key}` |");
                assert!(reference.contains(&row), "{key} of {name} is not in the reference");
            }
        }
    }

    /// Two parts of one name would be taken for one another.
    #[test]
    fn every_name_is_that_of_one_part() {
        fn walk(shape: Shape, seen: &mut BTreeMap<&'static str, &'static str>) {
            let parts = match shape {
                Shape::List(inner) | Shape::Map(inner) => return walk(inner(), seen),
                Shape::Object(def) => (def.parts)().iter().map(|field| field.shape).collect(),
                Shape::Choice(def) => {
                    (def.parts)().iter().filter_map(|case| case.under).collect::<Vec<_>>()
                }
                Shape::Any(def) => (def.parts)(),
                _ => Vec::new(),
            };
            let (name, about) = (shape.name(), shape.about());
            if let Some(other) = seen.get(name).filter(|_| !name.is_empty()) {
                assert_eq!(*other, about, "{name}");
                return;
            }
            seen.insert(name, about);
            parts.into_iter().for_each(|part| walk(part, seen));
        }
        walk(Scenario::shape(), &mut BTreeMap::new());
    }
}
