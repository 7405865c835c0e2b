use std::collections::BTreeMap;

use cascadia_models::plan::{EndpointId, LedgerId, LoadId, ServiceId, StackId};

use crate::diagnostics::{Diagnostic, Report};
use crate::names::{ALL_LOADS, Names, ServiceName};
use crate::read::File;

/// Every name of a file; one that is given twice is reported.
pub(super) fn names<'a>(file: &File<'a>, report: &mut Report) -> Names<'a> {
    let mut services = BTreeMap::new();
    for (index, service) in file.services.iter().enumerate() {
        let names = service.endpoints.iter().enumerate();
        let names = names.filter(|(_, endpoint)| endpoint.consume.is_none());
        let endpoints = names.map(|(at, e)| (e.name, EndpointId(at as u32))).collect();
        let id = ServiceId(index as u32);
        let keeps = service.store.as_ref().map(|store| store.keeping.clone());
        let (key, is_known) = (service.key, service.has_all_endpoints());
        let found = ServiceName { id, key, endpoints, keeps, topics: None, is_known };
        if let Some(ServiceName { key, .. }) = services.insert(service.name, found) {
            let message = format!("`{}` is the name of a store and of a service", service.name);
            let diagnostic = Diagnostic::error("S027", message)
                .at(service.key, "here")
                .at(key, "and here")
                .help("rename one of them");
            report.push(diagnostic);
        }
    }
    for (element, index) in file.components.iter().zip(file.services.len() as u32..) {
        let topics: Option<Vec<&str>> = element.topics();
        let (what, asked) = match &topics {
            Some(_) => ("broker", BTreeMap::new()),
            None if element.saga.is_some() => ("saga", BTreeMap::from([("ask", EndpointId(0))])),
            None => ("component", BTreeMap::from([("ask", EndpointId(0))])),
        };
        let (id, key) = (ServiceId(index), element.key);
        let is_known = element.broker.as_ref().is_none_or(|broker| broker.has_all_topics);
        let found = ServiceName { id, key, endpoints: asked, keeps: None, topics, is_known };
        if let Some(ServiceName { key, .. }) = services.insert(element.name, found) {
            let message = format!("`{}` is the name of a {what} and of a service", element.name);
            let diagnostic = Diagnostic::error("S027", message)
                .at(element.key, format!("the {what}"))
                .at(key, "the service")
                .help("rename one of them");
            report.push(diagnostic);
        }
    }
    let stacks = file.policies.iter().enumerate();
    let stacks = stacks.map(|(at, p)| (p.name, (StackId(at as u32), p.key))).collect();
    let mut loads = BTreeMap::new();
    for (index, load) in file.loads.iter().enumerate() {
        loads.insert(load.name, (LoadId(index as u32), load.key));
        if let Some(ServiceName { key, .. }) = services.get(load.name) {
            let message = format!("`{}` is the name of a load and of a service", load.name);
            let diagnostic = Diagnostic::error("S027", message)
                .at(load.key, "the load")
                .at(*key, "the service")
                .help("rename one of them");
            report.push(diagnostic);
        }
    }
    let loads_named = loads.get(ALL_LOADS).map(|(_, key)| *key);
    let services_named = services.get(ALL_LOADS).map(|service: &ServiceName<'_>| service.key);
    if let Some(key) = loads_named.or(services_named) {
        let message = format!("checks call all loads together `{ALL_LOADS}`");
        report.push(Diagnostic::error("S027", message).at(key, "one of many").help("rename it"));
    }
    let ledgers = (0..).map(LedgerId).zip(&file.ledgers);
    let ledgers = ledgers.map(|(id, ledger)| (ledger.name, id)).collect();
    Names { services, stacks, loads, ledgers }
}
