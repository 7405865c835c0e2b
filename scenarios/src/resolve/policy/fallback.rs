use cascadia_models::plan::{FallbackStep, LayerPlan, StackPlan};
use cascadia_patterns::fallback::FallbackConfig;

use crate::diagnostics::{Diagnostic, Report};
use crate::dto;
use crate::read::File;
use crate::resolve::Names;
use crate::text::Node;

/// The steps of the fallback in the layer `node`; those whose names are wrong are left out.
pub(super) fn steps(
    fallback: &dto::Fallback,
    node: &Node,
    names: &Names<'_>,
    report: &mut Report,
) -> Vec<FallbackStep> {
    let steps = fallback.0.iter().zip(nodes(node));
    let steps = steps.filter_map(|(step, node)| match step {
        dto::FallbackStep::Default => Some(FallbackStep::Default),
        dto::FallbackStep::Call(call) => {
            let mut config = FallbackConfig::default();
            config.limit = call.limit.unwrap_or(config.limit);
            if let Err(error) = config.check() {
                report.push(super::rejected(node, error));
            }
            let target = node.get("call").and_then(|node| names.target(node, report));
            let policy = node.get("policy").zip(call.policy.as_deref());
            let policy = policy.and_then(|(node, name)| names.stack(node, name, report));
            target.map(|(service, endpoint)| FallbackStep::Call {
                service,
                endpoint,
                policy,
                config,
            })
        }
    });
    steps.collect()
}

/// The nodes of the steps of a layer.
fn nodes(layer: &Node) -> &[Node] {
    let node = layer.get("fallback").unwrap_or(layer);
    match node.items() {
        [] => std::slice::from_ref(node),
        items => items,
    }
}

/// Refuses fallbacks that try again or fall back themselves.
pub(in crate::resolve) fn check(file: &File<'_>, stacks: &[StackPlan], report: &mut Report) {
    let layers = file.policies.iter().flat_map(|policy| &policy.layers);
    for (layer, dto) in layers {
        if !matches!(dto, Some(dto::Layer::Fallback(_))) {
            continue;
        }
        for node in nodes(layer).iter().filter_map(|step| step.get("policy")) {
            let name = node.text().unwrap_or_default();
            let Some(stack) = stacks.iter().find(|stack| stack.name == name) else { continue };
            if let Some(what) = stack.layers.iter().find_map(again) {
                let message = format!("a fallback is asked once, and policy `{name}` {what}");
                let diagnostic = Diagnostic::error("S039", message).at(node.span, "used here");
                report.push(diagnostic.help("use a policy without retries, hedges and fallbacks"));
            }
        }
    }
}

fn again(layer: &LayerPlan) -> Option<&'static str> {
    match layer.repeats() {
        Some(repeats) if repeats.copies.is_some() => Some("sends once more"),
        Some(_) => Some("tries again"),
        None => (!layer.fallbacks().is_empty()).then_some("falls back itself"),
    }
}
