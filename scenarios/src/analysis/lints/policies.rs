//! Policies that nobody passes, and layers that are in each other's way.

use std::time::Duration;

use cascadia_models::plan::{ConnectionPlan, LayerPlan, Plan, StackPlan};
use cascadia_patterns::retry::RetryConfig;

use crate::diagnostics::{Diagnostic, Report};
use crate::layers::PolicyEl;
use crate::read::File;
use crate::text::{Node, Span, Value};
use crate::units::duration_text;

/// Warns of policies. Those that nothing passes are told of the file as it stands: a variant may do without.
pub(super) fn lint(plan: &Plan, file: &File<'_>, is_variant: bool, report: &mut Report) {
    for (policy, stack) in file.policies.iter().zip(&plan.stacks) {
        if !is_variant
            && !file.root.members().iter().any(|member| mentions(&member.node, policy.name))
        {
            let message = format!("nothing passes policy `{}`", policy.name);
            let diagnostic = Diagnostic::warning("S089", message).at(policy.key, "not used");
            report.push(diagnostic.help("name it where something is called, or leave it out"));
            continue;
        }
        let stack = Stack { policy, stack };
        stack.unseen_timeouts(report);
        stack.short_timeouts(report);
        stack.refusals_within(report);
    }
}

/// Whether a value has this text in it, as what a call passes or as what a variant changes.
fn mentions(node: &Node, name: &str) -> bool {
    match &node.value {
        Value::String(text) => text == name,
        Value::Array(items) => items.iter().any(|item| mentions(item, name)),
        Value::Object(members) => members.iter().any(|member| mentions(&member.node, name)),
        _ => false,
    }
}

/// Layers that go by how calls through them end.
pub(super) const JUDGES: [&str; 4] = ["breaker", "outlier", "cooldown", "throttle"];

/// Layers that refuse calls for the sake of the caller.
const BOUNDS: [&str; 3] = ["bulkhead", "thread_pool", "rate_limit"];

struct Stack<'a> {
    policy: &'a PolicyEl<'a>,
    stack: &'a StackPlan,
}

impl Stack<'_> {
    /// Its layers with their places, outermost first.
    fn layers(&self) -> impl DoubleEndedIterator<Item = (usize, &LayerPlan)> {
        self.stack.layers.iter().enumerate()
    }

    /// Where a layer is written.
    fn span(&self, at: usize) -> Span {
        let position = self.stack.position(at);
        self.policy.layers.get(position).map_or(self.policy.key, |(node, _)| node.span)
    }

    /// Whoever is inside of the only timeout is cut off with the call, and counts nothing.
    fn unseen_timeouts(&self, report: &mut Report) {
        for (at, layer) in self.layers().filter(|(_, layer)| JUDGES.contains(&layer.kind())) {
            let mut outside = self.stack.layers[..at].iter();
            let outer = outside.rposition(|layer| layer.patience().is_some());
            let ends = |layer: &LayerPlan| layer.patience().is_some() || reads(layer);
            let (Some(outer), false) = (outer, self.stack.layers[at..].iter().any(ends)) else {
                continue;
            };
            let kind = layer.kind();
            let message = format!(
                "the {kind} of policy `{}` never sees a timeout, as that is outside of it",
                self.policy.name
            );
            let diagnostic = Diagnostic::warning("S090", message)
                .at(self.span(at), "is cut off with the call")
                .at(self.span(outer), "times out");
            report.push(diagnostic.help(format!("put a timeout inside of the {kind}, too")));
        }
    }

    /// An outer timeout should leave time for all that is inside of it.
    fn short_timeouts(&self, report: &mut Report) {
        for (outer, limit) in self.timeouts() {
            let inner = self.timeouts().find(|(at, _)| *at > outer);
            let Some((inner, each)) = inner else { continue };
            let retry = self.stack.layers[outer..inner].iter().find_map(LayerPlan::settings);
            let retry: Option<&RetryConfig> =
                retry.filter(|retry: &&RetryConfig| !retry.last_takes_rest);
            let tries = retry.map_or(1, |retry| retry.attempts);
            let all = each.saturating_mul(u32::from(tries));
            if limit >= all && (tries > 1 || limit > each) {
                continue;
            }
            let text = |time: Duration| duration_text(time.as_nanos() as f64);
            let message = match tries {
                1 => format!(
                    "the timeout of {} is inside of one of {}, and never reached",
                    text(each),
                    text(limit)
                ),
                tries => format!(
                    "{tries} tries of {} each do not fit into the {} that all of them have",
                    text(each),
                    text(limit)
                ),
            };
            let diagnostic = Diagnostic::warning("S091", message)
                .at(self.span(outer), "ends first")
                .at(self.span(inner), "inside of it");
            report.push(diagnostic.help(format!("make the outer one longer than {}", text(all))));
        }
    }

    fn timeouts(&self) -> impl Iterator<Item = (usize, Duration)> {
        self.layers().filter_map(|(at, layer)| Some((at, layer.patience()?)))
    }

    /// What is refused inside of a breaker never gets to the server that it is to judge.
    fn refusals_within(&self, report: &mut Report) {
        for (at, _) in self.layers().filter(|(_, layer)| layer.kind() == "breaker") {
            let inside = self.layers().skip(at + 1).find(|(_, it)| BOUNDS.contains(&it.kind()));
            let Some((bound, layer)) = inside else { continue };
            let kind = layer.kind();
            let message = format!(
                "the breaker of policy `{}` is outside of a {kind}, which refuses what says nothing of the server",
                self.policy.name
            );
            let diagnostic = Diagnostic::warning("S093", message)
                .at(self.span(at), "judges the server")
                .at(self.span(bound), "refuses for the caller");
            report.push(diagnostic.help(format!("put the {kind} before the breaker")));
        }
    }
}

/// Whether a layer gives up a connection on which nothing comes.
fn reads(layer: &LayerPlan) -> bool {
    layer.settings::<ConnectionPlan>().is_some_and(|plan| plan.read.is_some())
}
