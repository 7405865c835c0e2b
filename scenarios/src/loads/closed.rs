use cascadia_models::laws;
use cascadia_models::plan;

use super::kind::ArrivalKind;
use crate::decode::object;
use crate::diagnostics::{Diagnostic, Report};
use crate::laws::Law;
use crate::text::Node;

object! {
    /// Clients wait for their answer, think and ask again.
    pub(super) struct Closed {
        /// How many clients there are.
        clients: u32,
        /// How long a client thinks.
        think: Law = laws::Law::Constant(0.0),
    }
}

impl ArrivalKind for Closed {
    fn plan(&self, name: &str, node: &Node, report: &mut Report) -> plan::Arrivals {
        if self.clients == 0 {
            let message = format!("load `{name}` has no clients");
            let span = node.get("closed").unwrap_or(node).span_of("clients");
            report.push(Diagnostic::error("S030", message).at(span, "zero"));
        }
        plan::Arrivals::Closed { clients: self.clients, think: self.think.clone() }
    }
}
