use serde_json::Number;

use crate::span::Span;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) span: Span,
    /// Where the characters of a string begin, if they stand there unescaped.
    pub(crate) inner: Option<usize>,
    pub(crate) value: Value,
}

/// A JSON value; members keep the order of the file.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Number(Number),
    String(String),
    Array(Vec<Node>),
    Object(Vec<Member>),
}

/// A key of an object and its value.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) key: String,
    pub(crate) span: Span,
    pub(crate) node: Node,
}

impl Node {
    pub(crate) fn member(&self, key: &str) -> Option<&Member> {
        self.members().iter().find(|member| member.key == key)
    }

    /// The value of a key, unless it is null.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        let node = &self.member(key)?.node;
        (!matches!(node.value, Value::Null)).then_some(node)
    }

    pub(crate) fn members(&self) -> &[Member] {
        match &self.value {
            Value::Object(members) => members,
            _ => &[],
        }
    }

    /// The members, sorted by key.
    pub(crate) fn sorted(&self) -> Vec<&Member> {
        let mut members: Vec<&Member> = self.members().iter().collect();
        members.sort_by(|a, b| a.key.cmp(&b.key));
        members
    }

    pub(crate) fn is_object(&self) -> bool {
        matches!(self.value, Value::Object(_))
    }

    pub(crate) fn is_list(&self) -> bool {
        matches!(self.value, Value::Array(_))
    }

    pub(crate) fn items(&self) -> &[Self] {
        match &self.value {
            Value::Array(items) => items,
            _ => &[],
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The span of the value of `key`, or of the whole.
    pub(crate) fn span_of(&self, key: &str) -> Span {
        self.member(key).map_or(self.span, |member| member.node.span)
    }

    /// The span of the key itself, or of the whole.
    pub(crate) fn key_span(&self, key: &str) -> Span {
        self.member(key).map_or(self.span, |member| member.span)
    }

    /// The span of the key itself, or the beginning of the object that has no such key.
    pub(crate) fn key_or_start(&self, key: &str) -> Span {
        self.member(key).map_or_else(|| self.start(), |member| member.span)
    }

    /// Where it begins.
    pub(crate) fn start(&self) -> Span {
        Span { end: (self.span.start + 1).min(self.span.end), ..self.span }
    }

    /// The place of some bytes of a string, or of all of it where escapes blur it.
    pub(crate) fn within(&self, start: usize, end: usize) -> Span {
        match self.inner {
            Some(inner) => {
                Span { source: self.span.source, start: inner + start, end: inner + end }
            }
            None => self.span,
        }
    }

    /// A short name for the kind of value.
    pub(crate) fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        }
    }

    /// An object without members.
    pub(crate) fn empty(span: Span) -> Self {
        Self { span, inner: None, value: Value::Object(Vec::new()) }
    }

    /// The plain value.
    pub(crate) fn json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match &self.value {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Bool(*value),
            Value::Number(number) => Json::Number(number.clone()),
            Value::String(text) => Json::String(text.clone()),
            Value::Array(items) => Json::Array(items.iter().map(Self::json).collect()),
            Value::Object(members) => {
                let member = |member: &Member| (member.key.clone(), member.node.json());
                Json::Object(members.iter().map(member).collect())
            }
        }
    }
}

impl Member {
    /// Whether it is a text for people, which every object may have.
    pub(crate) fn is_description(&self) -> bool {
        self.key == "description" && self.node.text().is_some()
    }
}
