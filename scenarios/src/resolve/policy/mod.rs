//! From the layers of a policy to their configurations, a file each.

mod balance;
mod breaker;
mod bulkhead;
mod deadline;
mod fallback;
mod hedge;
mod limit;
mod outlier;
mod rate_limit;
mod retry;
mod shed;
mod throttle;
mod timeout;

use cascadia_models::plan::{FallbackPlan, LayerPlan, Place, StackPlan};
use cascadia_patterns::config::ConfigError;

use crate::diagnostics::{Diagnostic, Report};
use crate::dto;
use crate::read::PolicyEl;
use crate::resolve::Names;
use crate::text::Node;
use crate::units::Duration;

pub(super) use self::fallback::check as check_fallbacks;

/// The stack of a policy; layers of the wrong shape are left out.
pub(super) fn stack(policy: &PolicyEl<'_>, names: &Names<'_>, report: &mut Report) -> StackPlan {
    let mut layers = Vec::with_capacity(policy.layers.len());
    let mut balancer: Option<&Node> = None;
    for (node, layer) in &policy.layers {
        let Some(layer) = layer else { continue };
        let (plan, checked) = layer_plan(layer, node, names, report);
        if let Err(error) = checked {
            report.push(rejected_layer(node, error));
        }
        if matches!(plan.place(), Place::Balancer(_)) {
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
        if let (Place::Outside, Some(balancer)) = (plan.place(), balancer) {
            let message = format!("policy `{}` hedges inside its balancer", policy.name);
            let diagnostic = Diagnostic::error("S038", message)
                .at(node.span, "every copy would meet the same replica")
                .at(balancer.span, "the replica is chosen here");
            report.push(diagnostic.help("put the hedge before the balancer"));
        }
        layers.push(plan);
        if let dto::Layer::Timeout(timeout) = layer {
            layers.extend(timeout::inner(timeout));
        }
        retry::check_kinds(node, report);
    }
    lonely_outliers(policy, report);
    StackPlan { name: policy.name.to_owned(), layers }
}

/// Outlier detection looks at all replicas at once, which only a balancer does.
fn lonely_outliers(policy: &PolicyEl<'_>, report: &mut Report) {
    for (index, (node, layer)) in policy.layers.iter().enumerate() {
        let next = policy.layers.get(index + 1).map(|(_, next)| next);
        let balanced = matches!(next, Some(None | Some(dto::Layer::Balance(_))));
        if matches!(layer, Some(dto::Layer::Outlier(_))) && !balanced {
            let message =
                format!("the outlier detection of policy `{}` has no balancer", policy.name);
            let diagnostic = Diagnostic::error("S036", message)
                .at(node.span, "not directly outside a `balance`")
                .help(
                    "it takes replicas out of the choice of a balancer: put it directly before it",
                );
            report.push(diagnostic);
        }
    }
}

/// What is wrong with the layer `node`.
fn rejected_layer(node: &Node, error: ConfigError) -> Diagnostic {
    rejected(node.members().first().map_or(node, |member| &member.node), error)
}

/// What is wrong with the settings `place`.
fn rejected(mut place: &Node, error: ConfigError) -> Diagnostic {
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
fn layer_plan(
    layer: &dto::Layer,
    node: &Node,
    names: &Names<'_>,
    report: &mut Report,
) -> (LayerPlan, Result<(), ConfigError>) {
    match layer {
        dto::Layer::Timeout(timeout) => timeout::plan(timeout),
        dto::Layer::Retry(retry) => {
            let config = retry::config(retry);
            (LayerPlan::new(config), config.check())
        }
        dto::Layer::Breaker(breaker) => breaker::plan(breaker),
        dto::Layer::Bulkhead(bulkhead) => bulkhead::plan(bulkhead),
        dto::Layer::ThreadPool(pool) => {
            let config = bulkhead::pool(pool);
            (LayerPlan::new(config), config.check())
        }
        dto::Layer::Limit(limit) => {
            let config = limit::config(limit);
            (LayerPlan::new(config), config.check())
        }
        dto::Layer::RateLimit(limit) => {
            let config = rate_limit::config(limit);
            (LayerPlan::new(config), config.check())
        }
        dto::Layer::Shed(shed) => shed::plan(shed),
        dto::Layer::Throttle(throttle) => {
            let config = throttle::config(throttle);
            (LayerPlan::new(config), config.check())
        }
        dto::Layer::Outlier(outlier) => {
            let config = outlier::config(outlier);
            (LayerPlan::new(config), config.check())
        }
        dto::Layer::Hedge(hedge) => {
            let config = hedge::config(*hedge);
            (LayerPlan::new(config), config.check())
        }
        dto::Layer::Fallback(fallback) => {
            let steps = fallback::steps(fallback, node, names, report);
            (LayerPlan::new(FallbackPlan(steps)), Ok(()))
        }
        dto::Layer::Balance(kind) => (LayerPlan::new(balance::kind(*kind)), Ok(())),
        dto::Layer::Deadline(deadline) => {
            let config = deadline::config(deadline);
            (LayerPlan::new(config), config.check())
        }
    }
}

fn or(given: Option<Duration>, default: std::time::Duration) -> std::time::Duration {
    given.map_or(default, Duration::std)
}
