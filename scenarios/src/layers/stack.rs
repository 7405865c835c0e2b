use cascadia_models::plan::StackPlan;

use super::layer::{Layer, PolicyEl, Standing};
use super::place::{Place, rejected};
use crate::diagnostics::{Diagnostic, Report};
use crate::names::Names;
use crate::text::Node;

/// The stack of a policy; layers of the wrong shape are left out.
pub(crate) fn stack(policy: &PolicyEl<'_>, names: &Names<'_>, report: &mut Report) -> StackPlan {
    let mut layers = Vec::with_capacity(policy.layers.len());
    for (index, (node, layer)) in policy.layers.iter().enumerate() {
        let Some(layer) = layer else { continue };
        let node = under(node);
        if let Err(error) = layer.check() {
            report.push(rejected(node, error));
        }
        layer.check_place(&Standing { policy, index }, report);
        let plans = layer.plan(&mut Place { names, node, report });
        layers.extend(plans.into_iter().map(|plan| plan.by(layer.kinds)));
    }
    StackPlan { name: policy.name.to_owned(), layers }
}

/// What stands under the key of a layer.
fn under(layer: &Node) -> &Node {
    let key = layer.members().iter().find(|member| !member.is_description());
    key.map_or(layer, |member| &member.node)
}

fn layers<'a>(
    policy: &'a PolicyEl<'a>,
) -> impl Iterator<Item = (&'a Node, &'a (dyn Layer + 'static))> {
    policy.layers.iter().filter_map(|(node, layer)| Some((under(node), layer.as_deref()?)))
}

/// Refuses policies of fallbacks that try again or fall back themselves.
pub(crate) fn check_fallbacks(policies: &[PolicyEl<'_>], report: &mut Report) {
    let all = policies.iter().flat_map(layers);
    for node in all.flat_map(|(node, layer)| layer.policies(node)) {
        let name = node.text().unwrap_or_default();
        let Some(policy) = policies.iter().find(|policy| policy.name == name) else {
            continue;
        };
        if let Some(what) = layers(policy).find_map(|(_, layer)| layer.not_in_fallback()) {
            let message = format!("a fallback is asked once, and policy `{name}` {what}");
            let diagnostic = Diagnostic::error("S039", message).at(node.span, "used here");
            report.push(diagnostic.help("use a policy without retries, hedges and fallbacks"));
        }
    }
}

/// Refuses an inbound policy, named by `node`, of which a layer makes no sense on arrival.
pub(crate) fn check_arrival(node: &Node, policy: &PolicyEl<'_>, report: &mut Report) {
    let Some(why) = layers(policy).find_map(|(_, layer)| layer.not_on_arrival()) else { return };
    let does = why.does;
    let message = format!("policy `{}` {does}, which makes no sense on arrival", policy.name);
    let diagnostic =
        Diagnostic::error(why.code, message).at(node.span, "used on arrival").at(policy.key, does);
    report.push(diagnostic.help(format!("use a policy without {} here", why.what)));
}
