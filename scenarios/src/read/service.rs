use cascadia_models::plan::{Act, StorePlan};

use crate::decode::{Decode, list_items, object_members};
use crate::diagnostics::{Diagnostic, Report};
use crate::elements::{Consume, Endpoint, Properties, Service, Store};
use crate::steps::{self, StepEl, Steps};
use crate::text::{Member, Node, Span, Value};

/// A service; `value` is missing where its own shape is wrong.
pub(crate) struct ServiceEl<'a> {
    pub(crate) name: &'a str,
    pub(crate) key: Span,
    pub(crate) node: &'a Node,
    pub(crate) value: Option<Service>,
    pub(crate) endpoints: Vec<EndpointEl<'a>>,
    /// What it keeps, if it is a store.
    pub(crate) store: Option<StorePlan>,
}

impl ServiceEl<'_> {
    /// Whether all of its endpoints are known.
    pub(crate) fn has_all_endpoints(&self) -> bool {
        let all = self.node.get("endpoints");
        let is_one = |member: &Member| member.node.is_list() || member.node.is_object();
        match (&self.store, all) {
            (Some(_), _) => self.value.is_some(),
            (None, None) => self.node.is_object(),
            (None, Some(all)) => {
                let mut members = all.members().iter().filter(|member| !member.is_description());
                members.clone().next().is_some() && members.all(is_one)
            }
        }
    }
}

/// An endpoint.
pub(crate) struct EndpointEl<'a> {
    pub(crate) name: &'a str,
    pub(crate) properties: Properties,
    pub(crate) steps: Vec<StepEl<'a>>,
    /// It is what is done with messages of the topic that its name says, and nobody calls it.
    pub(crate) consume: Option<ConsumeEl<'a>>,
}

/// What is consumed; `value` is missing where its shape is wrong.
pub(crate) struct ConsumeEl<'a> {
    pub(crate) key: Span,
    pub(crate) node: &'a Node,
    pub(crate) value: Option<Consume>,
}

impl<'a> ServiceEl<'a> {
    pub(super) fn read(member: &'a Member, report: &mut Report) -> Self {
        let node = &member.node;
        let value = Service::decode(node, report);
        let mut endpoints: Vec<EndpointEl<'_>> = object_members(node.get("endpoints"), report)
            .unwrap_or_default()
            .into_iter()
            .map(|member| EndpointEl::read(member, report))
            .collect();
        endpoints.extend(EndpointEl::consumed(node, report));
        let is_none = node.member("endpoints").is_none() && endpoints.is_empty();
        if value.is_some() && is_none && node.get("consume").is_none_or(Node::is_object) {
            let message = format!("service `{}` has no endpoints", member.key);
            let help = "add `endpoints`, or what it is to `consume`";
            report.push(Diagnostic::error("S013", message).at(member.span, "here").help(help));
        }
        let list = node.member("endpoints").filter(|list| list.node.is_object());
        if let Some(list) = list.filter(|_| endpoints.is_empty()) {
            let message = format!("service `{}` has no endpoints", member.key);
            let help = "add one: \"get\": [ { \"compute\": \"5ms\" } ]";
            report.push(Diagnostic::error("S013", message).at(list.node.span, "empty").help(help));
        }
        Self { name: &member.key, key: member.span, node, value, endpoints, store: None }
    }

    /// A store, which is a service; where its own shape is wrong, it keeps rows.
    pub(super) fn store(member: &'a Member, report: &mut Report) -> Self {
        let store = Store::decode(&member.node, report);
        let (value, plan) = store.map(Store::parts).unzip();
        let plan = plan.unwrap_or_else(StorePlan::rows);
        let acts = Act::ALL.into_iter().filter(|act| plan.keeping.can(*act));
        let endpoint = |act: Act| {
            let properties = Properties { idempotent: Some(act.is_safe()), once: false };
            EndpointEl { name: act.name(), properties, steps: Vec::new(), consume: None }
        };
        let endpoints = acts.map(endpoint).collect();
        let (name, key, node) = (&member.key, member.span, &member.node);
        Self { name, key, node, value, endpoints, store: Some(plan) }
    }
}

impl<'a> EndpointEl<'a> {
    fn read(member: &'a Member, report: &mut Report) -> Self {
        let node = &member.node;
        let properties = if is_step(node) {
            let message = "an object is given where a list of steps belongs";
            let diagnostic = Diagnostic::error("S004", message).at(node.span, "a single step");
            report.push(diagnostic.help("put it in brackets: [ { … } ]"));
            None
        } else {
            Endpoint::decode(node, report)
        };
        let steps = match &node.value {
            Value::Array(items) => items.as_slice(),
            Value::Object(_) if properties.is_some() => {
                list_items(node.get("steps"), report).unwrap_or_default()
            }
            _ => &[],
        };
        Self {
            name: &member.key,
            // What cannot be read is not blamed for what it does not say.
            properties: properties.unwrap_or(Properties { idempotent: None, once: true }),
            steps: steps::read(steps, report),
            consume: None,
        }
    }

    /// What a service consumes.
    fn consumed(node: &'a Node, report: &mut Report) -> Vec<Self> {
        let members = object_members(node.get("consume"), report).unwrap_or_default();
        let consume = |member: &'a Member| {
            let node = &member.node;
            let value = Consume::decode(node, report);
            let steps = list_items(node.get("do"), report).unwrap_or_default();
            let steps = steps::read(steps, report);
            let consume = Some(ConsumeEl { key: member.span, node, value });
            let properties = Properties { idempotent: Some(true), once: false };
            Self { name: &member.key, properties, steps, consume }
        };
        members.into_iter().map(consume).collect()
    }
}

/// Whether an endpoint is written as a step, and not as a list of them.
fn is_step(node: &Node) -> bool {
    let is_kind = |member: &Member| Steps::KINDS.iter().any(|kind| kind.key == member.key);
    node.member("steps").is_none() && node.members().iter().any(is_kind)
}
