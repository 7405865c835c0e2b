use std::collections::BTreeMap;

use cascadia_models::laws::Law;
use cascadia_models::plan::{self, Links, Source};

use crate::diagnostics::{Diagnostic, Report};
use crate::elements::Link;
use crate::names::{Names, with_place};
use crate::nearest::{nearest, suggestion};
use crate::read::File;
use crate::text::Span;

/// The links of a file.
pub(super) fn links(file: &File<'_>, names: &Names<'_>, report: &mut Report) -> Links {
    let mut links = Links { default: None, between: BTreeMap::new() };
    for element in &file.links {
        let plan = element.value.as_ref().map(link);
        if element.name == "default" {
            links.default = plan;
            continue;
        }
        let Some((from, to)) = element.name.split_once("->") else {
            let message = format!("`{}` does not say what the link is between", element.name);
            let diagnostic = Diagnostic::error("S024", message).at(element.key, "no arrow");
            report.push(diagnostic.help("write \"default\" or \"caller -> service\""));
            continue;
        };
        let source = party(from.trim(), element.key, names, report);
        let target = names.service(to.trim(), element.key, report).map(|service| service.id);
        let ((Some(source), Some(target)), Some(plan)) = ((source, target), plan) else { continue };
        if links.between.insert((source, target), plan).is_some() {
            let message = format!("the link `{}` is given twice", element.name);
            report.push(Diagnostic::error("S027", message).at(element.key, "again here"));
        }
    }
    links
}

fn link(link: &Link) -> plan::Link {
    let latency = link.latency.clone().unwrap_or(Law::Constant(0.0));
    plan::Link { latency, loss: link.loss, bandwidth: None }
}

fn party(name: &str, span: Span, names: &Names<'_>, report: &mut Report) -> Option<Source> {
    if let Some((load, _)) = names.loads.get(name) {
        return Some(Source::Load(*load));
    }
    if let Some(service) = names.services.get(name) {
        return Some(Source::Service(service.id));
    }
    let all = names.loads.keys().chain(names.services.keys()).copied();
    let near = nearest(name, all.clone());
    let place = near.and_then(|near| {
        let load = names.loads.get(near).map(|(_, span)| *span);
        load.or_else(|| names.services.get(near).map(|service| service.key))
    });
    let diagnostic = Diagnostic::error("S024", format!("there is no load or service `{name}`"))
        .at(span, "calls come from nowhere")
        .maybe_help(suggestion(name, all));
    report.push(with_place(diagnostic, near, place));
    None
}
