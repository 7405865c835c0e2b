use super::{Diagnostic, Node, Report, Span, Value};
use crate::decode::not_yet;
use crate::decode::{decode, exactly_one, list_items, object_members};
use crate::dto;
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

/// A step.
pub(crate) struct StepEl<'a> {
    pub(crate) node: &'a Node,
    pub(crate) kind: StepKind<'a>,
}

/// What a step does.
pub(crate) enum StepKind<'a> {
    Compute(dto::Law),
    Call {
        policy: Option<String>,
    },
    Parallel(Vec<Vec<StepEl<'a>>>),
    /// Its shape is wrong, which has been reported.
    Broken,
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
            steps: read_steps(steps, report),
        }
    }
}

fn read_steps<'a>(items: &'a [Node], report: &mut Report) -> Vec<StepEl<'a>> {
    items.iter().map(|node| StepEl { node, kind: kind(node, report) }).collect()
}

fn kind<'a>(node: &'a Node, report: &mut Report) -> StepKind<'a> {
    if not_yet(node, &["publish", "read", "write", "cache", "fail"], report) {
        return StepKind::Broken;
    }
    let Some(step): Option<dto::Step> = decode(node, report) else { return StepKind::Broken };
    if !exactly_one(node, &["compute", "call", "parallel"], "a step", report) {
        return StepKind::Broken;
    }
    if step.policy.is_some() && step.call.is_none() {
        let message = "only a call passes a policy";
        let span = node.key_span("policy");
        report.push(Diagnostic::error("S009", message).at(span, "this step is no call"));
    }
    match (step.compute, step.call) {
        (Some(law), _) => StepKind::Compute(law),
        (_, Some(_)) => StepKind::Call { policy: step.policy },
        _ => StepKind::Parallel(branches(node, report)),
    }
}

fn branches<'a>(node: &'a Node, report: &mut Report) -> Vec<Vec<StepEl<'a>>> {
    let items = list_items(node.get("parallel"), report);
    let branch = |item: &'a Node| match &item.value {
        Value::Array(steps) => read_steps(steps, report),
        _ => read_steps(std::slice::from_ref(item), report),
    };
    items.iter().map(branch).collect()
}
