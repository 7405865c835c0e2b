use cascadia_patterns::config::ConfigError;

use crate::diagnostics::{Diagnostic, Report};
use crate::names::Names;
use crate::text::Node;

/// Where a layer stands in its file, and what it may speak of.
pub(crate) struct Place<'a, 'f> {
    pub(super) names: &'a Names<'f>,
    /// What stands under its key.
    pub(super) node: &'a Node,
    pub(super) report: &'a mut Report,
}

/// What is wrong with the settings at `place`.
pub(super) fn rejected(mut place: &Node, error: ConfigError) -> Diagnostic {
    let mut field = error.field;
    while let Some((head, rest)) = field.split_once('.') {
        place = place.get(head).unwrap_or(place);
        // The configuration does not say the kind of a backoff.
        if head == "backoff" {
            place = place.members().first().map_or(place, |member| &member.node);
        }
        field = rest;
    }
    let span = place.span_of(field);
    Diagnostic::error("S031", format!("`{}` {}", error.field, error.reason)).at(span, error.reason)
}
