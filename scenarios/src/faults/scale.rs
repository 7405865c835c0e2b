use std::time;

use cascadia_models::plan::{self, Effect};

use super::FaultKind;
use super::place::Place;
use crate::decode::{Text, object};
use crate::diagnostics::Diagnostic;
use crate::units::Duration;

object! {
    /// A service has another number of replicas, and balancers know at once who comes and goes.
    pub(super) struct Scale {
        /// The service, or the group of components.
        target: Text,
        /// How many replicas it has meanwhile. New ones get the next numbers; the last leave first.
        to: u32,
        /// How long those who leave take what is still on its way to them. Then they refuse it, end
        /// what they have, and are gone.
        grace: Duration = time::Duration::from_secs(1),
    }
}

impl FaultKind for Scale {
    fn effect(&self, place: &mut Place<'_, '_>) -> Effect {
        let group = place.group(&self.target);
        if place.is_store(group) {
            let message =
                format!("`{}` is a store, whose replicas do not come and go", self.target);
            let help = "to `crash` or `refuse` takes some away for a while";
            let span = place.node.span_of("target");
            place.report(Diagnostic::error("S047", message).at(span, "a store").help(help));
        }
        if place.is_host(group) {
            let message = format!("`{}` has orchestrators at its replicas", self.target);
            let help = "to `crash` or `refuse` takes some away for a while";
            let span = place.node.span_of("target");
            place.report(Diagnostic::error("S049", message).at(span, "these stay").help(help));
        }
        if self.to == 0 {
            let message = format!("`{}` would have no replicas", self.target);
            let span = place.node.span_of("to");
            let help =
                "write at least \"to\": 1; to `crash` or `refuse` takes all away for a while";
            place.report(Diagnostic::error("S030", message).at(span, "zero").help(help));
        }
        Effect::Members(plan::Scale { group, to: self.to, grace: self.grace })
    }

    fn failing(&self) -> f64 {
        0.0
    }

    fn words(&self) -> String {
        let replicas = if self.to == 1 { "replica" } else { "replicas" };
        format!("{} with {} {replicas}", self.target, self.to)
    }
}
