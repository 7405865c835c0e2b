use std::collections::BTreeMap;

use cascadia_models::broker::{Flush, TopicPlan};
use cascadia_models::plan::DiskPlan;
use cascadia_patterns::messaging::TopicSettings;

use super::shape::Broker;
use crate::decode::{Decode as _, object_members};
use crate::diagnostics::{Diagnostic, Report};
use crate::text::{Member, Span};

/// A broker of a file.
pub(crate) struct BrokerEl<'a> {
    pub(crate) places: u32,
    pub(crate) disk: DiskPlan,
    pub(crate) flush: Flush,
    pub(crate) labels: BTreeMap<String, Vec<String>>,
    /// Its topics, by name, and where they are.
    pub(crate) topics: Vec<(&'a str, Span, TopicPlan)>,
}

/// Reads a broker.
pub(crate) fn broker<'a>(member: &'a Member, report: &mut Report) -> BrokerEl<'a> {
    let Member { key, node, .. } = member;
    let value = Broker::decode(node, report);
    let topics = object_members(node.get("topics"), report).unwrap_or_default();
    let topics: Vec<_> = topics.into_iter().map(|member| topic(member, report)).collect();
    if let Some(list) = node.member("topics").filter(|_| topics.is_empty()) {
        let message = format!("broker `{key}` has no topics");
        let diagnostic = Diagnostic::error("S013", message).at(list.node.span, "empty");
        report.push(diagnostic.help("add one: \"orders\": {}"));
    }
    let (places, disk, flush, labels) = match value {
        Some(Broker { places, disk, flush, labels, .. }) => (places, disk, flush, labels),
        None => (1, None, Flush::Always, BTreeMap::new()),
    };
    if places == 0 {
        let message = format!("broker `{key}` has no places");
        let diagnostic = Diagnostic::error("S030", message).at(node.span_of("places"), "zero");
        report.push(diagnostic.help("write at least \"places\": 1"));
    }
    let (places, disk) = (places.max(1), disk.unwrap_or_default());
    BrokerEl { places, disk, flush, labels, topics }
}

/// A topic; where its settings are wrong, it has the usual ones.
fn topic<'a>(member: &'a Member, report: &mut Report) -> (&'a str, Span, TopicPlan) {
    let settings = TopicSettings::decode(&member.node, report).unwrap_or_default();
    if let Err(error) = settings.check() {
        let message = format!("`{}` {}", error.field, error.reason);
        let span = member.node.span_of(error.field);
        report.push(Diagnostic::error("S048", message).at(span, error.reason));
    }
    let name = member.key.as_str().into();
    let topic = TopicPlan { name, settings, groups: Vec::new(), is_requested: false };
    (&member.key, member.span, topic)
}
