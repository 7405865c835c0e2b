//! From the tree of a file to decoded elements, each on its own.

mod service;

pub(crate) use self::service::{ConsumeEl, EndpointEl, ServiceEl};

use crate::components::{ComponentEl, Registry, components};
use crate::decode::{Decode, list_items, object_members};
use crate::diagnostics::{Diagnostic, Report};
use crate::elements::{CheckText, Ledger, Link, Run, Scenario, Variant};
use crate::faults::Fault;
use crate::layers::{Layers, PolicyEl};
use crate::loads::Load;
use crate::text::{Member, Node, Span};

/// A named element; `value` is missing where its shape is wrong.
pub(crate) struct Named<'a, T> {
    pub(crate) name: &'a str,
    pub(crate) key: Span,
    pub(crate) node: &'a Node,
    pub(crate) value: Option<T>,
}

/// The string of a check; the subject is its key.
pub(crate) struct CheckEl<'a> {
    pub(crate) subject: &'a str,
    pub(crate) key: Span,
    pub(crate) node: &'a Node,
    pub(crate) text: &'a str,
}

/// A whole file, decoded; every list is sorted by name but faults and checks of one subject.
pub(crate) struct File<'a> {
    pub(crate) root: &'a Node,
    pub(crate) top: Option<Scenario>,
    pub(crate) run: Option<Run>,
    /// Services and stores.
    pub(crate) services: Vec<ServiceEl<'a>>,
    pub(crate) ledgers: Vec<Named<'a, Ledger>>,
    pub(crate) components: Vec<ComponentEl<'a>>,
    pub(crate) policies: Vec<PolicyEl<'a>>,
    pub(crate) links: Vec<Named<'a, Link>>,
    pub(crate) loads: Vec<Named<'a, Load>>,
    pub(crate) faults: Vec<(&'a Node, Option<Fault>)>,
    pub(crate) checks: Vec<CheckEl<'a>>,
    pub(crate) variants: Vec<Named<'a, Variant>>,
}

/// What is named in them is referred to.
const SECTIONS: [&str; 8] =
    ["services", "stores", "brokers", "ledgers", "sagas", "components", "policies", "load"];

impl File<'_> {
    /// Whether every name is known that may be referred to.
    pub(crate) fn has_all_names(&self) -> bool {
        let given = |section| self.root.get(section);
        let needed = ["services", "load"].iter().all(|section| self.root.member(section).is_some());
        needed
            && SECTIONS.iter().all(|section| given(section).is_none_or(Node::is_object))
            && given("faults").is_none_or(Node::is_list)
    }
}

/// Decodes everything and reports what has the wrong shape.
pub(crate) fn read<'a>(root: &'a Node, registry: &Registry, report: &mut Report) -> File<'a> {
    let top = Scenario::decode(root, report);
    if let Some(Scenario { version, .. }) = &top {
        check_version(root, *version, report);
    }
    let members = object_members(root.get("services"), report).unwrap_or_default();
    let mut services: Vec<_> =
        members.into_iter().map(|member| ServiceEl::read(member, report)).collect();
    let stores = object_members(root.get("stores"), report).unwrap_or_default();
    services.extend(stores.into_iter().map(|member| ServiceEl::store(member, report)));
    services.sort_by_key(|service| service.name);
    let faults = list_items(root.get("faults"), report).unwrap_or_default();
    File {
        root,
        top,
        run: root.get("run").and_then(|node| Run::decode(node, report)),
        services,
        ledgers: named::<Ledger>(root, "ledgers", report),
        components: components(root, registry, report),
        policies: policies(root, report),
        links: named::<Link>(root, "links", report),
        loads: named::<Load>(root, "load", report),
        faults: faults.iter().map(|node| (node, Fault::decode(node, report))).collect(),
        checks: checks(root, report),
        variants: named::<Variant>(root, "variants", report),
    }
}

fn check_version(root: &Node, version: u64, report: &mut Report) {
    if version != 1 {
        let message = format!("version {version} of the language is not known");
        let diagnostic = Diagnostic::error("S012", message).at(root.span_of("version"), "here");
        report.push(diagnostic.help("write \"version\": 1"));
    }
}

fn named<'a, T: Decode>(
    root: &'a Node,
    section: &str,
    report: &mut Report,
) -> Vec<Named<'a, T::Value>> {
    let members = object_members(root.get(section), report).unwrap_or_default();
    let read = |member: &'a Member| {
        let value = T::decode(&member.node, report);
        Named { name: &member.key, key: member.span, node: &member.node, value }
    };
    members.into_iter().map(read).collect()
}

fn policies<'a>(root: &'a Node, report: &mut Report) -> Vec<PolicyEl<'a>> {
    let mut policies = Vec::new();
    for member in object_members(root.get("policies"), report).unwrap_or_default() {
        let layers = match list_items(Some(&member.node), report) {
            Some(items) => items.iter().map(|node| (node, Layers::decode(node, report))).collect(),
            None => vec![(&member.node, None)],
        };
        policies.push(PolicyEl { name: &member.key, key: member.span, layers });
    }
    policies
}

fn checks<'a>(root: &'a Node, report: &mut Report) -> Vec<CheckEl<'a>> {
    let mut checks = Vec::new();
    for member in object_members(root.get("checks"), report).unwrap_or_default() {
        for node in list_items(Some(&member.node), report).unwrap_or_default() {
            if let (Some(_), Some(text)) = (CheckText::decode(node, report), node.text()) {
                checks.push(CheckEl { subject: &member.key, key: member.span, node, text });
            }
        }
    }
    checks
}
