//! From the layers of a policy to their configurations, a file each.

mod balance;
mod breaker;
mod bulkhead;
mod limit;
mod rate_limit;
mod retry;
mod shed;

use cascadia_models::plan::{LayerPlan, StackPlan};
use cascadia_patterns::config::ConfigError;
use cascadia_patterns::timeout::TimeoutConfig;

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
        dto::Layer::Timeout(after) => {
            let config = TimeoutConfig { after: after.std() };
            (LayerPlan::Timeout(config), config.check())
        }
        dto::Layer::Retry(retry) => {
            let config = retry::config(retry);
            (LayerPlan::Retry(config), config.check())
        }
        dto::Layer::Breaker(breaker) => {
            let config = breaker::config(breaker);
            let checked = config.check();
            (LayerPlan::Breaker(config), checked)
        }
        dto::Layer::Bulkhead(bulkhead) => bulkhead::plan(bulkhead),
        dto::Layer::ThreadPool(pool) => {
            let config = bulkhead::pool(pool);
            (LayerPlan::Pool(config), config.check())
        }
        dto::Layer::Limit(limit) => {
            let config = limit::config(limit);
            (LayerPlan::Limit(config), config.check())
        }
        dto::Layer::RateLimit(limit) => {
            let config = rate_limit::config(limit);
            (LayerPlan::RateLimit(config), config.check())
        }
        dto::Layer::Shed(shed) => shed::plan(shed),
        dto::Layer::Balance(kind) => (LayerPlan::Balance(balance::kind(*kind)), Ok(())),
        dto::Layer::Deadline(_) => (LayerPlan::Deadline, Ok(())),
    }
}

fn or(given: Option<Duration>, default: std::time::Duration) -> std::time::Duration {
    given.map_or(default, Duration::std)
}
