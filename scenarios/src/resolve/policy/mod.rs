//! From the layers of a policy to their configurations, a file each.

mod balance;
mod breaker;
mod bulkhead;
mod deadline;
mod retry;
mod timeout;

use cascadia_models::plan::{LayerPlan, StackPlan};
use cascadia_patterns::config::ConfigError;

use crate::diagnostics::{Diagnostic, Report};
use crate::dto;
use crate::read::PolicyEl;
use crate::text::Node;
use crate::units::Duration;

/// The stack of a policy; layers of the wrong shape are left out.
pub(super) fn stack(policy: &PolicyEl<'_>, report: &mut Report) -> StackPlan {
    let mut layers = Vec::with_capacity(policy.layers.len());
    let mut balancer: Option<&Node> = None;
    for (node, layer) in &policy.layers {
        let Some(layer) = layer else { continue };
        let (plan, checked) = layer_plan(layer);
        if let Err(error) = checked {
            report.push(rejected(node, error));
        }
        if matches!(plan, LayerPlan::Balance(_)) {
            if let Some(first) = balancer {
                let message = format!("policy `{}` balances twice", policy.name);
                let diagnostic = Diagnostic::error("S033", message)
                    .at(node.span, "again here")
                    .at(first.span, "first here")
                    .help("keep one of them");
                report.push(diagnostic);
            }
            balancer = Some(node);
        }
        layers.push(plan);
        if let dto::Layer::Timeout(timeout) = layer {
            layers.extend(timeout::inner(timeout));
        }
        retry::check_kinds(node, report);
    }
    StackPlan { name: policy.name.to_owned(), layers }
}

fn rejected(node: &Node, error: ConfigError) -> Diagnostic {
    let mut place = node.members().first().map_or(node, |member| &member.node);
    let mut field = error.field;
    while let Some((head, rest)) = field.split_once('.') {
        place = place.get(head).unwrap_or(place);
        if head == "backoff" {
            place = place.members().first().map_or(place, |member| &member.node);
        }
        field = rest;
    }
    let span = place.span_of(field);
    Diagnostic::error("S031", format!("`{}` {}", error.field, error.reason)).at(span, error.reason)
}

/// The plan of a layer, and whether the layer can be built from it.
fn layer_plan(layer: &dto::Layer) -> (LayerPlan, Result<(), ConfigError>) {
    match layer {
        dto::Layer::Timeout(timeout) => timeout::plan(timeout),
        dto::Layer::Retry(retry) => {
            let config = retry::config(retry);
            (LayerPlan::Retry(config), config.check())
        }
        dto::Layer::Breaker(breaker) => {
            let config = breaker::config(breaker);
            let checked = config.check();
            (LayerPlan::Breaker(config), checked)
        }
        dto::Layer::Bulkhead(bulkhead) => {
            let config = bulkhead::config(bulkhead);
            (LayerPlan::Bulkhead(config), config.check())
        }
        dto::Layer::Balance(kind) => (LayerPlan::Balance(balance::kind(*kind)), Ok(())),
        dto::Layer::Deadline(deadline) => {
            let config = deadline::config(deadline);
            (LayerPlan::Deadline(config), config.check())
        }
    }
}

fn or(given: Option<Duration>, default: std::time::Duration) -> std::time::Duration {
    given.map_or(default, Duration::std)
}
