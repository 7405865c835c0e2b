use super::{Diagnostic, Node, Report, Span, Value};
use crate::decode::{decode, list_items, object_members};
use crate::dto;
use crate::steps::{self, StepEl};
use crate::text::Member;

/// A service; `dto` is missing where its own shape is wrong.
pub(crate) struct ServiceEl<'a> {
    pub(crate) name: &'a str,
    pub(crate) key: Span,
    pub(crate) node: &'a Node,
    pub(crate) dto: Option<dto::Service>,
    pub(crate) endpoints: Vec<EndpointEl<'a>>,
}

/// An endpoint.
pub(crate) struct EndpointEl<'a> {
    pub(crate) name: &'a str,
    pub(crate) idempotent: Option<bool>,
    pub(crate) steps: Vec<StepEl<'a>>,
}

impl<'a> ServiceEl<'a> {
    pub(super) fn read(member: &'a Member, report: &mut Report) -> Self {
        let node = &member.node;
        let dto = decode(node, report);
        let endpoints: Vec<EndpointEl<'_>> = object_members(node.get("endpoints"), report)
            .into_iter()
            .map(|member| EndpointEl::read(member, report))
            .collect();
        if let Some(list) = node.member("endpoints").filter(|_| endpoints.is_empty()) {
            let message = format!("service `{}` has no endpoints", member.key);
            let help = "add one: \"get\": [ { \"compute\": \"5ms\" } ]";
            report.push(Diagnostic::error("S013", message).at(list.node.span, "empty").help(help));
        }
        Self { name: &member.key, key: member.span, node, dto, endpoints }
    }
}

impl<'a> EndpointEl<'a> {
    fn read(member: &'a Member, report: &mut Report) -> Self {
        let node = &member.node;
        let object: Option<dto::Endpoint> = decode(node, report);
        let steps = match &node.value {
            Value::Array(items) => items.as_slice(),
            Value::Object(_) if object.is_some() => list_items(node.get("steps"), report),
            _ => &[],
        };
        Self {
            name: &member.key,
            idempotent: object.and_then(|dto::Endpoint(object)| object.idempotent),
            steps: steps::read(steps, report),
        }
    }
}
