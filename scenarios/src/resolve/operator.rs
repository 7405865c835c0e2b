//! What an operator wants of sagas.

use std::sync::Arc;

use cascadia_models::saga::{OperatorPlan, Wanted};

use crate::diagnostics::{Diagnostic, Report};
use crate::sagas::{self, Saga};
use crate::text::Node;

/// The orders of an operator, by their time.
pub(super) fn operator((saga, node): (&Saga, &Node), report: &mut Report) -> Vec<OperatorPlan> {
    let nodes = node.get("operator").map(Node::items).unwrap_or_default();
    let mut plans = Vec::new();
    for (order, node) in saga.operator.iter().flatten().zip(nodes) {
        let mut refuse = |message: String, span, label: &str, help: &str| {
            report.push(Diagnostic::error("S049", message).at(span, label).help(help));
        };
        let step = order.step.as_deref();
        let wanted = match (order.order, step) {
            (sagas::Wanted::Retry, None) => Wanted::Retry,
            (sagas::Wanted::Force, None) => Wanted::Force,
            (sagas::Wanted::Skip, Some(step)) => {
                if !saga.steps.iter().any(|known| &*known.name == step) {
                    let message = format!("the saga has no step `{step}`");
                    refuse(message, node.span_of("step"), "no step", "name one of its `steps`");
                }
                Wanted::Skip(Arc::from(step))
            }
            (sagas::Wanted::Skip, None) => {
                let message = "nobody knows which step is seen to by hand".to_owned();
                refuse(message, node.span_of("order"), "which one?", "write its name as `step`");
                continue;
            }
            (_, Some(_)) => {
                let message = "`step` is of what is skipped".to_owned();
                let help = "leave it out, or let the order be \"skip\"";
                refuse(message, node.key_span("step"), "here", help);
                continue;
            }
        };
        plans.push(OperatorPlan { at: order.at, wanted });
    }
    plans.sort_by_key(|plan| plan.at);
    plans
}
