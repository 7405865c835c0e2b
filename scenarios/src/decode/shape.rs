use crate::text::{Node, Value};

/// What may be written in a place.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    /// Any value.
    Anything,
    /// True or false.
    Flag,
    /// Any string.
    Text,
    /// Any number.
    Number,
    /// A whole number between two ends.
    Whole { least: u64, most: u64 },
    /// A string of a pattern.
    Quantity(&'static Quantity),
    /// A list of such values.
    List(fn() -> Self),
    /// An object of any keys with such values.
    Map(fn() -> Self),
    /// An object of known keys.
    Object(Def<Field>),
    /// One of several words, or an object of a single one of several keys.
    Choice(Def<Case>),
    /// Any one of several.
    Any(Def<Self>),
}

/// A shape with a name. Its parts are a function, as shapes may contain themselves.
#[derive(Debug)]
pub(crate) struct Def<P> {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) parts: fn() -> Vec<P>,
}

impl<P> Clone for Def<P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P> Copy for Def<P> {}

/// A string with a meaning, such as a quantity with its unit.
#[derive(Debug)]
pub(crate) struct Quantity {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    /// What belongs in its place, in messages.
    pub(crate) belongs: &'static str,
    pub(crate) pattern: &'static str,
    pub(crate) examples: &'static [&'static str],
}

/// A key of an object.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) key: &'static str,
    pub(crate) about: &'static str,
    pub(crate) shape: Shape,
    pub(crate) absent: Absent,
}

/// What is meant where a key is not given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Absent {
    /// It must be given.
    Wrong,
    /// This, as it would be written or in words.
    Means(String),
    /// An object of which everything is at its default.
    Defaults,
    /// It is one of several keys, of which exactly one is given.
    Another,
}

/// A word or a key of a choice.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Case {
    pub(crate) key: &'static str,
    pub(crate) about: &'static str,
    /// Whether the word alone may be written.
    pub(crate) word: bool,
    /// What stands under the key.
    pub(crate) under: Option<Shape>,
}

impl Absent {
    /// That a default is meant, by how it is shown.
    pub(crate) fn of(shown: Option<String>) -> Self {
        shown.map_or(Self::Defaults, Self::Means)
    }
}

impl Shape {
    /// Whether a value may be meant for this, as far as its outside tells.
    pub(crate) fn fits(&self, node: &Node) -> bool {
        match (self, &node.value) {
            (Self::Anything, _)
            | (Self::Flag, Value::Bool(_))
            | (Self::Text, Value::String(_))
            | (Self::Number | Self::Whole { .. }, Value::Number(_))
            | (Self::List(_), Value::Array(_))
            | (Self::Map(_) | Self::Object(_), Value::Object(_)) => true,
            // A number is told which unit it lacks.
            (Self::Quantity(_), value) => matches!(value, Value::String(_) | Value::Number(_)),
            (Self::Choice(def), Value::String(_)) => (def.parts)().iter().any(|case| case.word),
            (Self::Choice(def), Value::Object(_)) => {
                (def.parts)().iter().any(|case| case.under.is_some())
            }
            (Self::Any(def), _) => (def.parts)().iter().any(|shape| shape.fits(node)),
            _ => false,
        }
    }

    /// Its name, or nothing.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Quantity(quantity) => quantity.name,
            Self::Object(def) => def.name,
            Self::Choice(def) => def.name,
            Self::Any(def) => def.name,
            _ => "",
        }
    }

    /// What it is, if it has a name.
    pub(crate) fn about(&self) -> &'static str {
        match self {
            Self::Quantity(quantity) => quantity.about,
            Self::Object(def) => def.about,
            Self::Choice(def) => def.about,
            Self::Any(def) => def.about,
            _ => "",
        }
    }

    /// The keys that an object of this may have.
    pub(crate) fn keys(&self) -> Vec<&'static str> {
        match self {
            Self::Object(def) => (def.parts)().iter().map(|field| field.key).collect(),
            Self::Choice(def) => (def.parts)().iter().map(|case| case.key).collect(),
            Self::Any(def) => (def.parts)().iter().flat_map(Self::keys).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether a string is one of the words of this.
    pub(crate) fn has_word(&self, text: &str) -> bool {
        match self {
            Self::Choice(def) => (def.parts)().iter().any(|case| case.word && case.key == text),
            Self::Any(def) => (def.parts)().iter().any(|shape| shape.has_word(text)),
            _ => false,
        }
    }

    /// What belongs in such a place, in messages.
    pub(crate) fn belongs(&self) -> String {
        let mut all = Vec::new();
        self.alternatives(&mut all);
        let last = all.pop().unwrap_or_default();
        if all.is_empty() { last } else { format!("{} or {last}", all.join(", ")) }
    }

    fn alternatives(&self, found: &mut Vec<String>) {
        let text = match self {
            Self::Anything => "any value".to_owned(),
            Self::Flag => "true or false".to_owned(),
            Self::Text => "a string".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::Whole { least, .. } => format!("a whole number from {least} on"),
            Self::Quantity(quantity) => quantity.belongs.to_owned(),
            Self::List(_) => "a list".to_owned(),
            Self::Map(_) | Self::Object(_) => "an object".to_owned(),
            Self::Any(def) => {
                (def.parts)().iter().for_each(|shape| shape.alternatives(found));
                return;
            }
            Self::Choice(def) => return cases(&(def.parts)(), found),
        };
        if !found.contains(&text) {
            found.push(text);
        }
    }
}

/// Most words that a message lists.
const MOST_WORDS: usize = 4;

fn cases(cases: &[Case], found: &mut Vec<String>) {
    let words: Vec<_> = cases.iter().filter(|case| case.word).collect();
    match &words[..] {
        [] => {}
        few if few.len() <= MOST_WORDS => {
            found.extend(few.iter().map(|case| format!("\"{}\"", case.key)));
        }
        many => found.push(format!("a word such as \"{}\"", many[0].key)),
    }
    let object = "an object".to_owned();
    if cases.iter().any(|case| case.under.is_some()) && !found.contains(&object) {
        found.push(object);
    }
}
