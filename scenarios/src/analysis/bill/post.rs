//! How messages come through a broker.

use cascadia_models::broker::TopicPlan;
use cascadia_models::plan::{ConsumePlan, Plan, ServiceId, Source};

use cascadia_patterns::messaging::Sharing;

use super::walk::{TopicName, topics};
use crate::analysis::requests::trip;
use crate::read::File;

/// How long what is written waits for its sync and for the one before it, on a usual disk, in nanoseconds.
const SAFE: f64 = 3_000_000.0;

/// How long a request and its reply are on their way through a broker: there, on to who replies, and both ways
/// back; and until both are safe, at who leads and at who else keeps them.
pub(super) fn by_mail(plan: &Plan, file: &File<'_>, from: ServiceId, name: &TopicName) -> f64 {
    let duration = plan.duration.as_nanos() as f64;
    let Some(broker) = plan.groups().find(|id| plan.name(*id) == &*name.0) else { return 0.0 };
    let is_shared = topic_of(file, name).is_some_and(|of| of.replicas > 1);
    let others =
        if is_shared { trip(plan, Source::Service(broker), broker, duration) } else { 0.0 };
    2.0 * (trip(plan, Source::Service(from), broker, duration) + others + SAFE)
}

/// The share of the replicas of a service that have work: where they share partitions, there may be fewer of these.
pub(super) fn seated(plan: &Plan, file: &File<'_>, id: ServiceId) -> f64 {
    let Some(service) = plan.services.get(id.0 as usize) else { return 1.0 };
    let shared = |consume: &&ConsumePlan| {
        matches!(consume.config.subscription.sharing, Sharing::Partitions(_))
    };
    let seats = service.consumes.iter().filter(shared).flat_map(topics);
    let seats: u32 =
        seats.filter_map(|name| Some(topic_of(file, &name)?.settings.partitions)).sum();
    if seats == 0 { 1.0 } else { (f64::from(seats) / f64::from(plan.replicas(id))).min(1.0) }
}

fn topic_of<'a>(file: &'a File<'_>, (broker, topic): &TopicName) -> Option<&'a TopicPlan> {
    let broker = file.components.iter().find(|it| *it.name == **broker)?.broker.as_ref()?;
    broker.topics.iter().map(|(.., of)| of).find(|of| of.name.as_str() == topic)
}
