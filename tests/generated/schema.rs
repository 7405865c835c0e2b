//! What of the language the generated scenarios use, as its schema tells.

use std::collections::BTreeSet;
use std::fs;
use std::sync::LazyLock;

use serde_json::Value;

use crate::support::root;

/// That of the files, as it is committed.
pub(super) fn committed() -> &'static Schema {
    static COMMITTED: LazyLock<Schema> = LazyLock::new(|| {
        let text = fs::read_to_string(root().join("scenarios/scenario.schema.json")).unwrap();
        Schema(serde_json::from_str(&text).unwrap())
    });
    &COMMITTED
}

/// The part of the schema that a value is held against, in the file.
pub(super) struct Schema(pub(super) Value);

impl Schema {
    /// Every kind of layer: what files call it, and what stands under that.
    pub(super) fn layers(&self) -> impl Iterator<Item = (&str, &Value)> {
        let kinds = self.alternatives(&self.0["$defs"]["Layers"]);
        let parts = kinds.filter_map(|kind| kind["properties"].as_object()).flatten();
        parts.map(|(name, part)| (name.as_str(), part)).filter(|(name, _)| *name != "description")
    }

    /// Follows a reference.
    pub(super) fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str() {
            Some(reference) => self.0.pointer(&reference[1..]).expect("references lead somewhere"),
            None => schema,
        }
    }

    /// The alternatives of a part.
    pub(super) fn alternatives<'a>(&'a self, schema: &'a Value) -> impl Iterator<Item = &'a Value> {
        let lists = ["anyOf", "oneOf"].into_iter().filter_map(|key| schema[key].as_array());
        lists.flatten()
    }

    /// Every property and every word that there is below a part.
    pub(super) fn all(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        self.walk("", &self.0, &mut BTreeSet::new(), &mut found);
        found
    }

    fn walk(
        &self,
        name: &str,
        schema: &Value,
        seen: &mut BTreeSet<String>,
        found: &mut BTreeSet<String>,
    ) {
        let mut name = name.to_owned();
        if let Some(reference) = schema["$ref"].as_str() {
            reference.trim_start_matches("#/$defs/").clone_into(&mut name);
            if !seen.insert(name.clone()) {
                return;
            }
        }
        let schema = self.resolve(schema);
        found.extend(words(&name, schema));
        for (key, inner) in schema["properties"].as_object().into_iter().flatten() {
            found.insert(format!("{name}.{key}"));
            self.walk(&format!("{name}.{key}"), inner, seen, found);
        }
        let others = [&schema["items"], &schema["additionalProperties"]];
        let others = others.into_iter().filter(|inner| inner.is_object());
        for inner in self.alternatives(schema).chain(others) {
            self.walk(&name, inner, seen, found);
        }
    }

    /// Adds every property and every word that a value uses.
    pub(super) fn used(&self, value: &Value, found: &mut BTreeSet<String>) {
        self.visit("", &self.0, value, found);
    }

    fn visit(&self, name: &str, schema: &Value, value: &Value, found: &mut BTreeSet<String>) {
        let reference = schema["$ref"].as_str();
        let name = reference.map_or(name, |it| it.trim_start_matches("#/$defs/"));
        let schema = self.resolve(schema);
        for inner in self.alternatives(schema).filter(|inner| self.fits(inner, value)) {
            self.visit(name, inner, value, found);
        }
        let is_said = |word: &String| Some(word.as_str()) == said(name, value).as_deref();
        found.extend(words(name, schema).into_iter().filter(is_said));
        for item in value.as_array().into_iter().flatten() {
            self.visit(name, &schema["items"], item, found);
        }
        for (key, inner) in value.as_object().into_iter().flatten() {
            match schema["properties"].get(key) {
                Some(property) => {
                    found.insert(format!("{name}.{key}"));
                    self.visit(&format!("{name}.{key}"), property, inner, found);
                }
                None => self.visit(name, &schema["additionalProperties"], inner, found),
            }
        }
    }

    /// Whether an alternative is meant by a value, as far as its outside tells.
    fn fits(&self, schema: &Value, value: &Value) -> bool {
        let schema = self.resolve(schema);
        let known = |key: &String| schema["properties"].get(key).is_some();
        let mut alternatives = self.alternatives(schema).peekable();
        if alternatives.peek().is_some() {
            return alternatives.any(|inner| self.fits(inner, value));
        }
        let words = words("", schema);
        match value {
            Value::Object(object) => schema["type"] == "object" && object.keys().all(known),
            Value::Array(_) => schema["type"] == "array",
            Value::String(_) if !words.is_empty() => {
                words.contains(&said("", value).unwrap_or_default())
            }
            Value::String(_) => schema["type"] == "string",
            _ => schema["type"] == "number" || schema["type"] == "integer",
        }
    }
}

/// The words that a part of the schema knows.
fn words(name: &str, schema: &Value) -> Vec<String> {
    let listed = schema["enum"].as_array().into_iter().flatten();
    let all = listed.chain(schema.get("const"));
    all.filter_map(|word| said(name, word)).collect()
}

fn said(name: &str, word: &Value) -> Option<String> {
    word.as_str().map(|word| format!("{name} \"{word}\""))
}
