use super::shape::Saga;
use crate::decode::Decode as _;
use crate::diagnostics::{Diagnostic, Report};
use crate::text::{Member, Node};

/// A saga of a file; `value` is missing where its shape is wrong.
pub(crate) struct SagaEl<'a> {
    pub(crate) node: &'a Node,
    pub(crate) value: Option<Saga>,
}

/// Reads a saga.
pub(crate) fn saga<'a>(member: &'a Member, report: &mut Report) -> SagaEl<'a> {
    let Member { key, node, .. } = member;
    let value = Saga::decode(node, report);
    if value.as_ref().is_some_and(|saga| saga.places == 0) {
        let message = format!("saga `{key}` has no places");
        let diagnostic = Diagnostic::error("S030", message).at(node.span_of("places"), "zero");
        report.push(diagnostic.help("write at least \"places\": 1"));
    }
    SagaEl { node, value }
}
