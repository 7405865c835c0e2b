//! On whose machines orchestrators are.

use cascadia_models::plan::{ComponentPlan, Links, ServiceId, ServicePlan, Source};

use crate::components::ComponentEl;
use crate::diagnostics::{Diagnostic, Report};
use crate::names::Names;
use crate::sagas::SagaEl;

/// A group of orchestrators on the machines of a service, if it is to be there.
pub(super) fn hosted(
    plan: ComponentPlan,
    element: &ComponentEl<'_>,
    services: &[ServicePlan],
    names: &Names<'_>,
    report: &mut Report,
) -> ComponentPlan {
    let Some(SagaEl { node, value: Some(saga) }) = &element.saga else { return plan };
    let Some(host) = &saga.orchestrated_by else { return plan };
    let span = node.span_of("orchestrated_by");
    if node.get("places").is_some() {
        let message = format!("there are as many orchestrators as `{host}` has replicas");
        let span = node.key_span("places");
        let diagnostic = Diagnostic::error("S049", message).at(span, "here");
        report.push(diagnostic.help("leave out `places`, or `orchestrated_by`"));
    }
    let Some(id) = names.service(host, span, report).map(|found| found.id) else { return plan };
    let Some(service) = services.get(id.0 as usize) else {
        let message = format!("`{host}` is no service, and has no replicas beside which to be");
        report.push(Diagnostic::error("S049", message).at(span, "no service"));
        return plan;
    };
    ComponentPlan { places: service.replicas.max(1), beside: Some(id), ..plan }
}

/// Gives those who are on the machines of a service its links, where they have none of their own.
pub(super) fn share(links: &mut Links, services: usize, components: &[ComponentPlan]) {
    for (id, group) in (services as u32..).map(ServiceId).zip(components) {
        let Some(host) = group.beside else { continue };
        let known = links.between.iter();
        let mut shared: Vec<_> =
            known.map(|((from, to), link)| (*from, *to, link.clone())).collect();
        shared.retain(|(from, to, _)| *from == Source::Service(host) || *to == host);
        for (from, to, link) in shared {
            let from = if from == Source::Service(host) { Source::Service(id) } else { from };
            let to = if to == host { id } else { to };
            links.between.entry((from, to)).or_insert(link);
        }
    }
}
