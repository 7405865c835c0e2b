//! Replicas come and go as the faults say.

use cascadia::result::StateLane;

use super::{Case, Judge, Rule};
use crate::generated::world::{DOWN, word};

pub(super) const RULES: &[Rule] = &[("replicas come and go when they are to", comings)];

/// Who turned to `state`, and when.
fn turned(lanes: &[(u64, &StateLane)], state: &str) -> Vec<(u64, u64)> {
    let changes = lanes.iter().flat_map(|(replica, lane)| {
        let changes = lane.changes.iter().filter(|change| change.state == state);
        changes.map(|change| (*replica, change.at_ns))
    });
    changes.collect()
}

fn comings(case: &Case<'_>, judge: &mut Judge) {
    let world = &case.world;
    if world.has_fault(&DOWN) {
        return;
    }
    for (name, service) in &world.services {
        let mut scales = world.faults.iter().filter(|fault| fault.scales(name));
        let (Some(scale), None) = (scales.next(), scales.next()) else { continue };
        let lane = |replica: u64| {
            let wanted = format!("{}/{replica}", word(name));
            let lane = case.result.states.iter().find(|lane| lane.name == wanted)?;
            Some((replica, lane))
        };
        let lanes: Vec<_> = (0..service.ever).filter_map(lane).collect();
        let (before, to) = (service.replicas, scale.value["to"].as_u64().unwrap_or(0));
        // Who goes last comes first, and no number is given twice.
        let (more, fewer) = (to.max(before) - before, before - to.min(before));
        let joins = (0..more).map(|new| (before + new, scale.start));
        let back = (0..fewer).map(|new| (before + new, scale.end));
        let leaves = (0..fewer).map(|old| (to + old, scale.start));
        let again = (0..more).map(|new| (before + new, scale.end));
        let (ups, downs) = (turned(&lanes, "up"), turned(&lanes, "draining"));
        judge.expect(ups == joins.chain(back).collect::<Vec<_>>(), || {
            format!("{name}: {ups:?} came, of {}", scale.value)
        });
        judge.expect(downs == leaves.chain(again).collect::<Vec<_>>(), || {
            format!("{name}: {downs:?} were to leave, of {}", scale.value)
        });
        let gone = turned(&lanes, "left");
        let after =
            |(who, at): &(u64, u64)| downs.iter().any(|(other, told)| who == other && told <= at);
        judge
            .expect(gone.iter().all(after), || format!("{name}: {gone:?} left, {downs:?} were to"));
    }
}
