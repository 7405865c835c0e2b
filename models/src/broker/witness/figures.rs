use cascadia_runtime::Time;

use super::fates::Witness;
use crate::component::{Row, Rows};

/// What a group has still to do, by the name that its figures have.
pub(crate) const LAG: &str = "lag";

/// The figures of a group of consumers of a topic.
pub(in crate::broker) const ROWS: &[Row] = &[
    Row::count("published", "Messages that their publishers believe to be there."),
    Row::count("delivered", "Deliveries to consumers."),
    Row::count("redelivered", "Deliveries of messages that were delivered before."),
    Row::count("done", "Messages that were worked on to their end."),
    Row::count("doubled", "Times that a message was worked on to its end again."),
    Row::count("known", "Messages that an inbox knew, so that nothing was done again."),
    Row::count("disordered", "Messages done for the first time after a later one of their key."),
    Row::count("dead", "Messages that were given up, whether or not there are letters for that."),
    Row::count(
        "lost",
        "Messages that their publishers believe to be there and nobody will ever do.",
    ),
    Row::level(LAG, "Messages that the topic has and the group has still to do."),
    Row::level("in_flight", "Messages that consumers have and have not done."),
    Row::age("oldest", "How long the oldest of the lag has been there."),
];

/// Those of a group now.
pub(in crate::broker) fn figures(
    witness: &mut Witness,
    now: Time,
    (topic, group): (usize, usize),
    rows: &mut Rows,
) {
    let view = &mut witness.topics[topic];
    view.audit(now);
    let view = &*view;
    let counts = view.groups[group].counts;
    rows.add("published", counts.published);
    rows.add("delivered", counts.delivered);
    rows.add("redelivered", counts.redelivered);
    rows.add("done", counts.done);
    rows.add("doubled", counts.doubled);
    rows.add("known", counts.known);
    rows.add("disordered", counts.disordered);
    rows.add("dead", counts.dead);
    rows.add("lost", counts.lost);
    rows.add(LAG, view.groups[group].lag);
    let left = || {
        view.open
            .iter()
            .map(|(_, open)| open)
            .filter(|open| !open.parts[group].is_over && open.arrived)
    };
    let in_hand = left().filter(|open| open.parts[group].is_in_hand());
    rows.add("in_flight", in_hand.count() as u64);
    let oldest = left().map(|open| open.at).min();
    rows.add("oldest", oldest.map_or(0, |at| now.nanos_since(at)));
}
