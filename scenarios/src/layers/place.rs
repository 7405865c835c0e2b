use cascadia_patterns::config::ConfigError;

use super::Layer;
use crate::diagnostics::{Diagnostic, Report};
use crate::read::PolicyEl;
use crate::resolve::Names;
use crate::text::Node;

/// Where a layer stands in its file, and what it may speak of.
pub(crate) struct Place<'a, 'f> {
    pub(super) names: &'a Names<'f>,
    /// What stands under its key.
    pub(super) node: &'a Node,
    pub(super) report: &'a mut Report,
}

/// A layer and those around it.
pub(crate) struct Standing<'a> {
    pub(super) policy: &'a PolicyEl<'a>,
    pub(super) index: usize,
}

impl<'a> Standing<'a> {
    /// Itself.
    pub(super) fn node(&self) -> &'a Node {
        self.policy.layers[self.index].0
    }

    /// The nearest balancer outside it.
    pub(super) fn balancer_outside(&self) -> Option<&'a Node> {
        let balances =
            |layer: &Option<Box<dyn Layer>>| layer.as_ref().is_some_and(|layer| layer.balances());
        let mut outside = self.policy.layers[..self.index].iter().rev();
        outside.find(|(_, layer)| balances(layer)).map(|(node, _)| *node)
    }

    /// Whether the next layer chooses a replica, or may have been meant to.
    pub(super) fn is_next_to_balancer(&self) -> bool {
        let next = self.policy.layers.get(self.index + 1);
        next.is_some_and(|(_, next)| next.as_ref().is_none_or(|next| next.balances()))
    }
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
