//! What a file names, and how it is referred to.

mod select;

use std::collections::BTreeMap;

use cascadia_models::plan::{Act, EndpointId, Keeping, LedgerId, LoadId, ServiceId, StackId};

pub(crate) use self::select::{Group, Selector};

use crate::diagnostics::{Diagnostic, Report};
use crate::nearest::{nearest, suggestion};
use crate::text::{Node, Span};

/// What checks call all loads together.
pub(crate) const ALL_LOADS: &str = "all loads";

/// Every name of a file, what it stands for and where it is given.
pub(crate) struct Names<'a> {
    pub(crate) services: BTreeMap<&'a str, ServiceName<'a>>,
    pub(crate) stacks: BTreeMap<&'a str, (StackId, Span)>,
    pub(crate) loads: BTreeMap<&'a str, (LoadId, Span)>,
    pub(crate) ledgers: BTreeMap<&'a str, LedgerId>,
}

/// A service and the names of its endpoints.
pub(crate) struct ServiceName<'a> {
    pub(crate) id: ServiceId,
    pub(crate) key: Span,
    pub(crate) endpoints: BTreeMap<&'a str, EndpointId>,
    /// Who keeps what, if it is a store.
    pub(crate) keeps: Option<Keeping>,
    /// Its topics, if it is a broker.
    pub(crate) topics: Option<Vec<&'a str>>,
    /// All of its endpoints or topics are here; else any that is named may be one of them.
    pub(crate) is_known: bool,
}

impl<'a> Names<'a> {
    /// The policy that the string `node` names.
    pub(crate) fn stack(&self, node: &Node, name: &str, report: &mut Report) -> Option<StackId> {
        if let Some((id, _)) = self.stacks.get(name) {
            return Some(*id);
        }
        let diagnostic = Diagnostic::error("S022", format!("there is no policy `{name}`"))
            .at(node.span, "no such policy")
            .maybe_help(suggestion(name, self.stacks.keys().copied()));
        let near = nearest(name, self.stacks.keys().copied());
        let place = near.and_then(|near| self.stacks.get(near)).map(|(_, span)| *span);
        report.push(with_place(diagnostic, near, place));
        None
    }

    /// The service of this name.
    pub(crate) fn service(
        &self,
        name: &str,
        span: Span,
        report: &mut Report,
    ) -> Option<&ServiceName<'a>> {
        if let Some(found) = self.services.get(name) {
            return Some(found);
        }
        let near = nearest(name, self.services.keys().copied());
        let help = || suggestion(name, self.services.keys().copied());
        let diagnostic = Diagnostic::error("S020", format!("there is no service `{name}`"))
            .at(span, "no such service")
            .maybe_help(self.replica(name).or_else(help));
        let place = near.and_then(|near| self.services.get(near)).map(|found| found.key);
        report.push(with_place(diagnostic, near, place));
        None
    }

    /// What is written for a replica that is named as it is elsewhere: `db-0`, `db[0]`, `db#0`.
    fn replica(&self, name: &str) -> Option<String> {
        let name = name.strip_suffix(']').unwrap_or(name);
        let (service, number) = name.rsplit_once(['#', '-', '[', ':', '.', '_', '@'])?;
        let is_one = self.services.contains_key(service) && number.parse::<u32>().is_ok();
        is_one.then(|| format!("a replica is written \"{service}/{number}\""))
    }

    /// The endpoint at which the store that the string `node` names is asked for `act`.
    pub(crate) fn store(
        &self,
        node: &Node,
        act: Act,
        report: &mut Report,
    ) -> Option<(ServiceId, EndpointId)> {
        let name = node.text()?;
        let service = self.service(name, node.span, report)?;
        if let Some(endpoint) =
            service.endpoints.get(act.name()).filter(|_| service.keeps.is_some())
        {
            return Some((service.id, *endpoint));
        }
        if !service.is_known {
            return None;
        }
        let message = match service.keeps {
            Some(_) => format!("store `{name}` cannot {}", act.verb()),
            None => format!("`{name}` is no store, so it has no rows"),
        };
        let stores = self.services.iter().filter(|(_, service)| service.keeps.is_some());
        let stores: Vec<&str> = stores.map(|(name, _)| *name).collect();
        let help = match service.keeps {
            Some(_) => "keep its rows at one replica, or write whatever they are".to_owned(),
            None if stores.is_empty() => "write it under `stores`".to_owned(),
            None => format!("stores are {}", stores.join(", ")),
        };
        let diagnostic = Diagnostic::error("S047", message)
            .at(node.span, "asked for here")
            .at(service.key, "defined here");
        report.push(diagnostic.help(help));
        None
    }

    /// The broker and the topic that the string `node` names.
    pub(crate) fn topic<'t>(
        &self,
        node: &'t Node,
        report: &mut Report,
    ) -> Option<(&'t str, &'t str)> {
        self.topic_at(node.text()?, node.span, report)
    }

    /// The broker and the topic that a text names, which stands there.
    pub(crate) fn topic_at<'t>(
        &self,
        text: &'t str,
        span: Span,
        report: &mut Report,
    ) -> Option<(&'t str, &'t str)> {
        let (name, topic) = match self.split(text) {
            (name, Some(topic)) => (name, topic),
            (name, None) => (name, ""),
        };
        let broker = self.service(name, span, report)?;
        let refuse = |message: String, help: Option<String>| {
            Diagnostic::error("S048", message)
                .at(span, "here")
                .at(broker.key, format!("`{name}` is defined here"))
                .maybe_help(help)
        };
        let Some(topics) = &broker.topics else {
            let help = "write it under `brokers`, and its topics";
            report.push(refuse(
                format!("`{name}` is no broker, so it has no topics"),
                Some(help.into()),
            ));
            return None;
        };
        if topics.contains(&topic) {
            return Some((name, topic));
        }
        if !broker.is_known {
            return None;
        }
        let message = match topic.is_empty() {
            true => format!("`{name}` does not say which topic of the broker is meant"),
            false => format!("broker `{name}` has no topic `{topic}`"),
        };
        let near = suggestion(topic, topics.iter().copied());
        let all = || format!("its topics are {}", topics.join(", "));
        report.push(refuse(message, near.or_else(|| Some(all()))));
        None
    }

    /// The endpoint that a call or a load means by the string `node`.
    pub(crate) fn target(
        &self,
        node: &Node,
        report: &mut Report,
    ) -> Option<(ServiceId, EndpointId)> {
        let text = node.text()?;
        let (name, endpoint) = match self.services.get_key_value(text) {
            Some((name, _)) => (*name, None),
            None => self.split(text),
        };
        let service = match self.swapped(text) {
            Some(meant) => {
                let message = format!("there is no service `{name}`");
                let diagnostic =
                    Diagnostic::error("S020", message).at(node.span, "no such service");
                report.push(diagnostic.help(format!("did you mean `{meant}`?")));
                return None;
            }
            None => self.service(name, node.within(0, name.len()), report)?,
        };
        if let Some(topics) = &service.topics {
            let message = format!("`{name}` is a broker, and cannot be called");
            let diagnostic = Diagnostic::error("S048", message)
                .at(node.span, "called here")
                .at(service.key, "defined here");
            let topic = topics.first().unwrap_or(&"…");
            let help = format!("a step may publish: {{ \"publish\": \"{name}.{topic}\" }}");
            report.push(diagnostic.help(help));
            return None;
        }
        let Some(endpoint) = endpoint else {
            let mut all = service.endpoints.values();
            if let (Some(only), None) = (all.next(), all.next()) {
                return Some((service.id, *only));
            }
            if !service.is_known {
                return None;
            }
            let names = service.endpoints.keys().copied().collect::<Vec<_>>().join(", ");
            let message = format!("`{name}` does not say which endpoint of the service is meant");
            let diagnostic = Diagnostic::error("S021", message)
                .at(node.span, "no endpoint is named")
                .at(service.key, "defined here");
            report.push(diagnostic.help(format!("name one of {names}, as in \"{name}.…\"")));
            return None;
        };
        if let Some(id) = service.endpoints.get(endpoint) {
            return Some((service.id, *id));
        }
        if !service.is_known {
            return None;
        }
        let at = text.len() - endpoint.len();
        let message = format!("service `{name}` has no endpoint `{endpoint}`");
        let diagnostic = Diagnostic::error("S021", message)
            .at(node.within(at, text.len()), "no such endpoint")
            .at(service.key, format!("`{name}` is defined here"))
            .maybe_help(suggestion(endpoint, service.endpoints.keys().copied()));
        report.push(diagnostic);
        None
    }

    /// A target of which the service and the endpoint are swapped, the right way round.
    fn swapped(&self, text: &str) -> Option<String> {
        let (endpoint, name) = text.rsplit_once('.')?;
        let is_service = self.services.contains_key(self.split(text).0);
        let found = self.services.get(name).filter(|_| !is_service)?;
        found.endpoints.contains_key(endpoint).then(|| format!("{name}.{endpoint}"))
    }

    /// The service and the rest of `service.endpoint` or `service endpoint`; a service whose name
    /// is known wins over one cut at the first separator.
    fn split<'t>(&self, text: &'t str) -> (&'t str, Option<&'t str>) {
        let mut first = None;
        for (at, separator) in text.char_indices().filter(|(_, c)| *c == '.' || *c == ' ') {
            let cut = (&text[..at], Some(text[at + separator.len_utf8()..].trim_start()));
            if self.services.contains_key(cut.0) {
                return cut;
            }
            first = first.or(Some(cut));
        }
        first.unwrap_or((text, None))
    }
}

/// Also labels the place of the name that was probably meant.
pub(crate) fn with_place(
    diagnostic: Diagnostic,
    near: Option<&str>,
    place: Option<Span>,
) -> Diagnostic {
    match (near, place) {
        (Some(near), Some(place)) => diagnostic.at(place, format!("`{near}` is defined here")),
        _ => diagnostic,
    }
}
