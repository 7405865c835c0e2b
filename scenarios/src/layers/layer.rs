use std::fmt::Debug;
use std::ops::Deref;

use cascadia_models::plan::LayerPlan;
use cascadia_patterns::call::Kinds;
use cascadia_patterns::config::ConfigError;

use super::place::Place;
use crate::diagnostics::Report;
use crate::text::{Node, Span};

/// A layer as it was written.
pub(crate) trait Layer: Debug {
    /// What it is in a plan, outermost first. What is wrong with the names in it is reported.
    fn plan(&self, place: &mut Place<'_, '_>) -> Vec<LayerPlan>;

    /// Whether it can be built.
    fn check(&self) -> Result<(), ConfigError>;

    /// Reports what is wrong with its place among the other layers.
    fn check_place(&self, _standing: &Standing<'_>, _report: &mut Report) {}

    /// Why it makes no sense in an inbound policy.
    fn not_on_arrival(&self) -> Option<NotOnArrival> {
        None
    }

    /// What it does that the policy of a fallback must not, such as "tries again".
    fn not_in_fallback(&self) -> Option<&'static str> {
        None
    }

    /// It chooses a replica.
    fn balances(&self) -> bool {
        false
    }

    /// The policies of the calls that it makes besides; `node` is what stands under its key.
    fn policies<'a>(&self, _node: &'a Node) -> Vec<&'a Node> {
        Vec::new()
    }
}

/// A layer, and which failures it goes by.
#[derive(Debug)]
pub(crate) struct Written {
    pub(super) layer: Box<dyn Layer>,
    pub(super) kinds: Kinds,
}

impl Written {
    /// A layer that judges nothing, or everything by the table of kinds.
    pub(super) fn plain(layer: impl Layer + 'static) -> Self {
        Self { layer: Box::new(layer), kinds: Kinds::default() }
    }
}

impl Deref for Written {
    type Target = dyn Layer;

    fn deref(&self) -> &Self::Target {
        &*self.layer
    }
}

/// Why a layer makes no sense in an inbound policy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NotOnArrival {
    pub(super) code: &'static str,
    /// What it does there, such as "hedges".
    pub(super) does: &'static str,
    /// What it is, such as "a hedge".
    pub(super) what: &'static str,
}

/// A policy and its layers, as far as they could be decoded.
pub(crate) struct PolicyEl<'a> {
    pub(crate) name: &'a str,
    pub(crate) key: Span,
    pub(crate) layers: Vec<(&'a Node, Option<Written>)>,
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
            |layer: &Option<Written>| layer.as_ref().is_some_and(|layer| layer.balances());
        let mut outside = self.policy.layers[..self.index].iter().rev();
        outside.find(|(_, layer)| balances(layer)).map(|(node, _)| *node)
    }

    /// Whether the next layer chooses a replica, or may have been meant to.
    pub(super) fn is_next_to_balancer(&self) -> bool {
        let next = self.policy.layers.get(self.index + 1);
        next.is_some_and(|(_, next)| next.as_ref().is_none_or(|next| next.balances()))
    }
}
