use std::collections::BTreeMap;
use std::str::FromStr;

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::depth::{MOST_LEVELS, too_deep};
use super::{Member, Node, Span, Value};
use crate::diagnostics::{Diagnostic, Report};

/// Most bytes in the text of a scenario.
pub const MOST_BYTES: usize = 4 << 20;

const STRICT: ParseOptions = ParseOptions {
    allow_comments: true,
    allow_trailing_commas: true,
    allow_loose_object_property_names: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// What some editors put before a text.
const MARK: char = '\u{feff}';

/// The tree of a whole text, unless it is no JSON.
pub(crate) fn parse(text: &str, source: usize, report: &mut Report) -> Option<Node> {
    let rest = text.strip_prefix(MARK).unwrap_or(text);
    let base = text.len() - rest.len();
    match parsed(rest, Builder { text: rest, source, base, report }) {
        Ok(node) => Some(node),
        Err(diagnostic) => {
            report.push(*diagnostic);
            None
        }
    }
}

/// The tree of the rest of a text from `base` on; what is no JSON is a string.
pub(crate) fn parse_fragment(text: &str, source: usize, base: usize, report: &mut Report) -> Node {
    let fragment = text.get(base..).unwrap_or_default();
    let mut inner = Report::default();
    let builder = Builder { text: fragment, source, base, report: &mut inner };
    if let Ok(node) = parsed(fragment, builder) {
        for diagnostic in inner.sorted() {
            report.push(diagnostic);
        }
        return node;
    }
    let span = Span { source, start: base, end: text.len() };
    Node { span, inner: Some(base), value: Value::String(fragment.to_owned()) }
}

fn parsed(text: &str, mut builder: Builder<'_>) -> Result<Node, Box<Diagnostic>> {
    let place = |start: usize, end: usize| builder.span(start, end);
    if text.len() > MOST_BYTES {
        let message = format!("the file has {} bytes; at most {MOST_BYTES} are read", text.len());
        return Err(Box::new(Diagnostic::error("S002", message).at(place(0, 0), "too large")));
    }
    if let Some(at) = too_deep(text) {
        let message = format!("brackets nest more than {MOST_LEVELS} deep");
        return Err(Box::new(Diagnostic::error("S002", message).at(place(at, at + 1), "too deep")));
    }
    let syntax = |message: String, start, end| {
        Box::new(Diagnostic::error("S001", message).at(place(start, end), "here"))
    };
    match parse_to_ast(text, &CollectOptions::default(), &STRICT) {
        Ok(result) => match result.value {
            Some(value) => Ok(builder.node(&value)),
            None => Err(syntax("the file is empty".to_owned(), 0, 0)),
        },
        Err(error) => {
            let range = error.range();
            let message = format!("this is not JSON: {}", error.kind());
            let closed = match error.kind() {
                ParseErrorKind::UnterminatedObject => '}',
                ParseErrorKind::UnterminatedArray => ']',
                _ => return Err(syntax(message, range.start, range.end)),
            };
            let end = text.trim_end().len();
            let missing = Diagnostic::error("S001", message)
                .at(place(end, end), format!("`{closed}` is missing here"))
                .at(place(range.start, range.start + 1), "it would close this")
                .help(format!("write `{closed}` at the end of what this begins"));
            Err(Box::new(missing))
        }
    }
}

struct Builder<'a> {
    text: &'a str,
    source: usize,
    base: usize,
    report: &'a mut Report,
}

impl Builder<'_> {
    fn span(&self, start: usize, end: usize) -> Span {
        let start = start.min(self.text.len());
        let end = end.min(self.text.len()).max(start);
        Span { source: self.source, start: self.base + start, end: self.base + end }
    }

    fn node(&mut self, value: &ast::Value<'_>) -> Node {
        let range = value.range();
        let span = self.span(range.start, range.end);
        let mut inner = None;
        let value = match value {
            ast::Value::NullKeyword(_) => Value::Null,
            ast::Value::BooleanLit(literal) => Value::Bool(literal.value),
            ast::Value::NumberLit(literal) => self.number(literal.value, span),
            ast::Value::StringLit(literal) => {
                let raw = self.text.get(range.start + 1..range.end.saturating_sub(1));
                inner = (raw == Some(&*literal.value)).then_some(span.start + 1);
                Value::String(literal.value.to_string())
            }
            ast::Value::Array(array) => {
                Value::Array(array.elements.iter().map(|item| self.node(item)).collect())
            }
            ast::Value::Object(object) => self.object(object),
        };
        Node { span, inner, value }
    }

    fn number(&mut self, literal: &str, span: Span) -> Value {
        match serde_json::Number::from_str(literal) {
            Ok(number) => Value::Number(number),
            Err(_) => {
                let message = format!("`{literal}` is not a number that can be represented");
                self.report.push(Diagnostic::error("S001", message).at(span, "this number"));
                Value::Null
            }
        }
    }

    fn object(&mut self, object: &ast::Object<'_>) -> Value {
        let mut members: Vec<Member> = Vec::with_capacity(object.properties.len());
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        for property in &object.properties {
            let key = property.name.as_str().to_owned();
            let range = property.name.range();
            let span = self.span(range.start, range.end);
            let node = self.node(&property.value);
            if let Some(first) = seen.get(&key) {
                let message = format!("the key `{key}` is given twice");
                let duplicate = Diagnostic::error("S003", message)
                    .at(span, "again here")
                    .at(*first, "first here")
                    .help("remove one of them");
                self.report.push(duplicate);
            } else {
                seen.insert(key.clone(), span);
                members.push(Member { key, span, node });
            }
        }
        Value::Object(members)
    }
}
