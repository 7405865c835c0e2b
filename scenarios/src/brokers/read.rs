use std::collections::BTreeMap;
use std::time::Duration;

use cascadia_models::broker::{Flush, TopicPlan};
use cascadia_models::plan::DiskPlan;

use super::shape::{Broker, REPLICA_LAG};
use super::topic::Topic;
use crate::decode::{Decode as _, object_members};
use crate::diagnostics::{Diagnostic, Report};
use crate::text::{Member, Node, Span};

/// Followers ask every half a second.
const SHORTEST_LAG: Duration = Duration::from_secs(2);

/// A broker of a file.
pub(crate) struct BrokerEl<'a> {
    /// Nothing of it is written wrongly, but perhaps of its topics.
    pub(crate) is_known: bool,
    /// No topic is missing.
    pub(crate) has_all_topics: bool,
    pub(crate) places: u32,
    pub(crate) disk: DiskPlan,
    pub(crate) flush: Flush,
    pub(crate) replica_lag: Duration,
    pub(crate) unclean_election: bool,
    pub(crate) labels: BTreeMap<String, Vec<String>>,
    /// Its topics, by name, and where they are.
    pub(crate) topics: Vec<(&'a str, Span, TopicPlan)>,
}

/// Reads a broker.
pub(crate) fn broker<'a>(member: &'a Member, report: &mut Report) -> BrokerEl<'a> {
    let Member { key, node, .. } = member;
    let value = Broker::decode(node, report);
    let topics = object_members(node.get("topics"), report).unwrap_or_default();
    let places = value.as_ref().map(|broker| broker.places);
    let places = places.or_else(|| match node.get("places") {
        Some(places) => u32::decode(places, &mut Report::default()),
        None => Some(1),
    });
    // Where it is not known how many there are, any number of replicas has a place.
    let places = places.unwrap_or(u32::MAX);
    let topics: Vec<_> =
        topics.into_iter().map(|member| topic(member, places.max(1), report)).collect();
    let has_all_topics = node.get("topics").is_some_and(Node::is_object);
    if let Some(list) = node.member("topics").filter(|_| has_all_topics && topics.is_empty()) {
        let message = format!("broker `{key}` has no topics");
        let diagnostic = Diagnostic::error("S013", message).at(list.node.span, "empty");
        report.push(diagnostic.help("add one: \"orders\": {}"));
    }
    if places == 0 {
        let message = format!("broker `{key}` has no places");
        let diagnostic = Diagnostic::error("S030", message).at(node.span_of("places"), "zero");
        report.push(diagnostic.help("write at least \"places\": 1"));
    }
    let places = if places == u32::MAX { 1 } else { places.max(1) };
    let mut broker = BrokerEl {
        is_known: value.is_some(),
        has_all_topics,
        places,
        disk: DiskPlan::default(),
        flush: Flush::Always,
        replica_lag: REPLICA_LAG,
        unclean_election: false,
        labels: BTreeMap::new(),
        topics,
    };
    if let Some(Broker { disk, flush, replica_lag, unclean_election, labels, .. }) = value {
        let disk = disk.unwrap_or_default();
        broker = BrokerEl { disk, flush, replica_lag, unclean_election, labels, ..broker };
    }
    if broker.replica_lag < SHORTEST_LAG {
        let message = "`replica_lag` must be at least 2s".to_owned();
        let diagnostic = Diagnostic::error("S048", message);
        let why = "a follower says twice a second how far it is";
        report.push(diagnostic.at(node.span_of("replica_lag"), "too short").help(why));
    }
    broker
}

/// A topic; where its settings are wrong, it has the usual ones.
fn topic<'a>(member: &'a Member, places: u32, report: &mut Report) -> (&'a str, Span, TopicPlan) {
    let topic = Topic::decode(&member.node, report).unwrap_or_default();
    let Topic { settings, replicas, min_insync } = topic;
    for (key, count, most, of) in [
        ("replicas", replicas, places, "places"),
        ("min_insync", min_insync, replicas.clamp(1, places), "replicas"),
    ] {
        if count == 0 || count > most {
            let message = format!("`{key}` must be from 1 to {most}, the number of {of}");
            let span = member.node.span_of(key);
            let diagnostic = Diagnostic::error("S048", message).at(span, "not as many");
            report.push(diagnostic);
        }
    }
    let (replicas, min_insync) = (replicas.clamp(1, places), min_insync.max(1));
    if let Err(error) = settings.check() {
        let message = format!("`{}` {}", error.field, error.reason);
        let span = member.node.span_of(error.field);
        report.push(Diagnostic::error("S048", message).at(span, error.reason));
    }
    let name = member.key.as_str().into();
    let topic = TopicPlan { name, settings, replicas, min_insync, ..TopicPlan::default() };
    (&member.key, member.span, topic)
}
