//! What is done for a message, or for a saga, once.

use std::sync::Arc;

use cascadia_models::plan::{ConsumePlan, EndpointPlan, Sent, ServicePlan};
use cascadia_models::saga::{SagaCall, StepCalls};
use cascadia_patterns::messaging::Topic;
use cascadia_patterns::messaging::inbox::InboxConfig;

use crate::diagnostics::{Diagnostic, Report};
use crate::read::ServiceEl;
use crate::text::Span;

/// How a consumer knows messages again.
pub(crate) fn known(service: &ServicePlan, plan: &ConsumePlan) -> Vec<Arc<InboxConfig>> {
    let endpoint = service.endpoints.get(plan.endpoint.0 as usize);
    let sent = Sent::by(endpoint.iter().map(|endpoint| &endpoint.script[..]));
    sent.known.into_iter().map(|(_, inbox)| inbox).collect()
}

/// Reports what is to be done once, and not for a message.
pub(super) fn called(element: &ServiceEl<'_>, endpoints: &[EndpointPlan], report: &mut Report) {
    for (endpoint, plan) in element.endpoints.iter().zip(endpoints) {
        let sent = Sent::by(std::iter::once(&plan.script[..]));
        if endpoint.consume.is_none() && !sent.known.is_empty() {
            let message = "only what is done with a message can be known by it, and be done `once`";
            let span = element.node.get("endpoints").map(|node| node.key_span(endpoint.name));
            let diagnostic = Diagnostic::error("S048", message);
            report.push(diagnostic.at(span.unwrap_or(element.key), "this is called"));
        }
    }
}

/// Reports that messages of a topic have no id, where somebody is to know them again.
pub(super) fn nameless(
    services: &[ServicePlan],
    (broker, topic): (&str, &Topic),
    span: Span,
    report: &mut Report,
) {
    let is_known = services.iter().any(|service| {
        let consumes = service.consumes.iter().filter(|plan| {
            *plan.broker == *broker && plan.config.subscription.topics.contains(topic)
        });
        consumes.map(|plan| known(service, plan)).any(|known| !known.is_empty())
    });
    if is_known {
        let message = format!("messages of `{broker}.{topic}` have no id to be known by again");
        let diagnostic = Diagnostic::error("S048", message).at(span, "this topic");
        let help = "write \"id\": \"request\" where they are published, or leave out `once`";
        report.push(diagnostic.help(help));
    }
}

/// Whether what does a step and what undoes it are done once.
pub(super) fn is_once(of: &StepCalls, services: &[ServicePlan]) -> bool {
    let is_once = |call: SagaCall| {
        let service = services.get(call.service.0 as usize);
        service.is_some_and(|service| service.endpoints[call.endpoint.0 as usize].once)
    };
    is_once(of.act) && of.undo.is_none_or(is_once)
}
