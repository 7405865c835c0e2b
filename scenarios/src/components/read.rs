use std::sync::Arc;

use cascadia_models::component::Build;
use cascadia_models::plan::DiskPlan;

use super::registry::{Registry, Wrong};
use super::shape::{Alike, Component};
use crate::brokers::{BrokerEl, broker};
use crate::decode::{Decode as _, object_members};
use crate::diagnostics::{Diagnostic, Report};
use crate::nearest::{nearest, suggestion};
use crate::sagas::{SagaEl, saga};
use crate::text::{Member, Node, Span};

/// A group of components; nobody builds it where something is wrong with it.
pub(crate) struct ComponentEl<'a> {
    pub(crate) name: &'a str,
    pub(crate) key: Span,
    pub(crate) places: u32,
    pub(crate) disk: DiskPlan,
    pub(crate) build: Option<Arc<dyn Build>>,
    /// What it is, if it is a broker, who builds itself.
    pub(crate) broker: Option<BrokerEl<'a>>,
    /// What it is, if it is of sagas, which are orchestrated there.
    pub(crate) saga: Option<SagaEl<'a>>,
}

impl<'a> ComponentEl<'a> {
    /// Whether nothing of it is written wrongly.
    pub(crate) fn is_known(&self) -> bool {
        match (&self.broker, &self.saga) {
            (Some(broker), _) => broker.is_known,
            (_, Some(saga)) => saga.value.is_some(),
            _ => self.build.is_some(),
        }
    }

    /// The names of its topics, if it is a broker.
    pub(crate) fn topics(&self) -> Option<Vec<&'a str>> {
        let broker = self.broker.as_ref()?;
        Some(broker.topics.iter().map(|(name, ..)| *name).collect())
    }
}

/// The components of a file, its brokers and sagas, by name.
pub(crate) fn components<'a>(
    root: &'a Node,
    registry: &Registry,
    report: &mut Report,
) -> Vec<ComponentEl<'a>> {
    let members = object_members(root.get("components"), report).unwrap_or_default();
    let mut all: Vec<_> =
        members.into_iter().map(|member| component(member, registry, report)).collect();
    for member in object_members(root.get("brokers"), report).unwrap_or_default() {
        let broker = broker(member, report);
        let (places, disk) = (broker.places, broker.disk.clone());
        let (name, key, broker) = (member.key.as_str(), member.span, Some(broker));
        all.push(ComponentEl { name, key, places, disk, build: None, broker, saga: None });
    }
    for member in object_members(root.get("sagas"), report).unwrap_or_default() {
        let saga = saga(member, report);
        let places = saga.value.as_ref().map_or(1, |saga| saga.places.max(1));
        let (name, key, disk) = (member.key.as_str(), member.span, DiskPlan::default());
        let saga = Some(saga);
        all.push(ComponentEl { name, key, places, disk, build: None, broker: None, saga });
    }
    all.sort_by_key(|element| element.name);
    all
}

fn component<'a>(member: &'a Member, registry: &Registry, report: &mut Report) -> ComponentEl<'a> {
    let Member { key, span, node } = member;
    let nobody = ComponentEl {
        name: key,
        key: *span,
        places: 1,
        disk: DiskPlan::default(),
        build: None,
        broker: None,
        saga: None,
    };
    let Some(Alike { places, disk, kinds }) = Component::decode(node, report) else {
        return nobody;
    };
    if places == 0 {
        let message = format!("component `{key}` has no places");
        let diagnostic = Diagnostic::error("S030", message).at(node.span_of("places"), "zero");
        report.push(diagnostic.help("leave it out, or write how many there are"));
    }
    let mut kinds = kinds.iter();
    let (Some(kind), None) = (kinds.next(), kinds.next()) else {
        let message = format!("component `{key}` does not have exactly one kind");
        let diagnostic = Diagnostic::error("S009", message).at(*span, "here");
        report.push(diagnostic.maybe_help(choices(registry)));
        return nobody;
    };
    let build = build(node, kind, registry, report);
    if disk.is_some() && build.as_ref().is_some_and(|build| !build.keeps()) {
        let message = format!("component `{key}` has a disk and keeps nothing on it");
        let diagnostic = Diagnostic::error("S046", message).at(node.key_span("disk"), "here");
        report.push(diagnostic.help("leave it out, or take another kind"));
    }
    ComponentEl { places: places.max(1), disk: disk.unwrap_or_default(), build, ..nobody }
}

/// Who builds a component of this kind.
fn build(
    node: &Node,
    kind: &str,
    registry: &Registry,
    report: &mut Report,
) -> Option<Arc<dyn Build>> {
    let settings = node.member(kind).map_or(node, |member| &member.node);
    match registry.configure(kind, &settings.json()) {
        Some(Ok(build)) => Some(build),
        Some(Err(Wrong { key, message, help })) => {
            let span = key.map_or(settings.span, |key| settings.span_of(&key));
            report.push(Diagnostic::error("S046", message).at(span, "here").maybe_help(help));
            None
        }
        None => {
            let message = format!("there is no kind of component `{kind}`");
            let unlike = nearest(kind, registry.kinds()).is_none();
            let diagnostic = Diagnostic::error("S010", message)
                .at(node.key_span(kind), "unknown kind")
                .maybe_help(suggestion(kind, registry.kinds()))
                .maybe_help(choices(registry).filter(|_| unlike));
            report.push(diagnostic);
            None
        }
    }
}

fn choices(registry: &Registry) -> Option<String> {
    let kinds: Vec<_> = registry.kinds().collect();
    Some(match &kinds[..] {
        [] => "this program knows no kinds of components; a program of yours may bring some".into(),
        kinds => format!("the kinds are {}", kinds.join(", ")),
    })
}
