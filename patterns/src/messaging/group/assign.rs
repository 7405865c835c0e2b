use std::collections::{BTreeMap, BTreeSet};

use crate::messaging::ids::{MemberId, Partition, Topic};
use crate::messaging::sharing::Assignor;

/// Who has which partitions.
pub type Assignment = BTreeMap<MemberId, BTreeSet<Partition>>;

/// Distributes partitions among members.
///
/// Each partition of a topic that somebody wants goes to exactly one of those who want it. `owned` is what
/// members have; it matters to the sticky one only.
///
/// # Determinism
///
/// The result depends on what is given and on nothing else.
pub fn assign(
    assignor: Assignor,
    partitions: &BTreeMap<Topic, u32>,
    wanted: &BTreeMap<MemberId, BTreeSet<Topic>>,
    owned: &Assignment,
) -> Assignment {
    match assignor {
        Assignor::Range => range(partitions, wanted),
        Assignor::RoundRobin => round_robin(partitions, wanted),
        Assignor::CooperativeSticky => sticky(partitions, wanted, owned),
    }
}

fn nobody(wanted: &BTreeMap<MemberId, BTreeSet<Topic>>) -> Assignment {
    wanted.keys().map(|member| (member.clone(), BTreeSet::new())).collect()
}

fn give(to: &mut Assignment, member: &MemberId, partition: Partition) {
    to.entry(member.clone()).or_default().insert(partition);
}

fn range(
    partitions: &BTreeMap<Topic, u32>,
    wanted: &BTreeMap<MemberId, BTreeSet<Topic>>,
) -> Assignment {
    let mut result = nobody(wanted);
    for (topic, count) in partitions {
        let members: Vec<_> =
            wanted.iter().filter(|(_, topics)| topics.contains(topic)).map(|(id, _)| id).collect();
        let Ok(among) = u32::try_from(members.len()) else { continue };
        if among == 0 {
            continue;
        }
        // The first ones have one more, where it does not come out even.
        let (each, more) = (count / among, count % among);
        let mut next = 0;
        for (place, member) in (0..).zip(members) {
            let end = next + each + u32::from(place < more);
            (next..end).for_each(|n| give(&mut result, member, Partition::new(topic.clone(), n)));
            next = end;
        }
    }
    result
}

fn round_robin(
    partitions: &BTreeMap<Topic, u32>,
    wanted: &BTreeMap<MemberId, BTreeSet<Topic>>,
) -> Assignment {
    let mut result = nobody(wanted);
    let members: Vec<_> = wanted.iter().collect();
    let mut turn = 0;
    for partition in all(partitions) {
        let at = |step: usize| members[(turn + step) % members.len()];
        let wants = |step: &usize| at(*step).1.contains(&partition.topic);
        let Some(step) = (0..members.len()).find(wants) else { continue };
        give(&mut result, at(step).0, partition);
        turn += step + 1;
    }
    result
}

fn all(partitions: &BTreeMap<Topic, u32>) -> impl Iterator<Item = Partition> {
    partitions.iter().flat_map(|(topic, count)| {
        (0..*count).map(|number| Partition { topic: topic.clone(), number })
    })
}

fn sticky(
    partitions: &BTreeMap<Topic, u32>,
    wanted: &BTreeMap<MemberId, BTreeSet<Topic>>,
    owned: &Assignment,
) -> Assignment {
    let mut result = nobody(wanted);
    let mut free = BTreeSet::new();
    for partition in all(partitions) {
        let keeps = |member: &&MemberId| {
            let has = owned.get(*member).is_some_and(|own| own.contains(&partition));
            has && wanted[*member].contains(&partition.topic)
        };
        match wanted.keys().find(keeps) {
            Some(owner) => give(&mut result, owner, partition),
            None => drop(free.insert(partition)),
        }
    }
    for partition in free {
        if let Some(member) = poorest(&result, wanted, &partition) {
            give(&mut result, &member, partition);
        }
    }
    // As long as somebody has two more than another who wants one of them, one moves.
    while let Some((from, to, partition)) = uneven(&result, wanted) {
        result.entry(from).or_default().remove(&partition);
        give(&mut result, &to, partition);
    }
    result
}

/// Who has the fewest of those who want a partition.
fn poorest(
    result: &Assignment,
    wanted: &BTreeMap<MemberId, BTreeSet<Topic>>,
    partition: &Partition,
) -> Option<MemberId> {
    let wants = wanted.iter().filter(|(_, topics)| topics.contains(&partition.topic));
    wants.map(|(member, _)| member).min_by_key(|member| result[*member].len()).cloned()
}

fn uneven(
    result: &Assignment,
    wanted: &BTreeMap<MemberId, BTreeSet<Topic>>,
) -> Option<(MemberId, MemberId, Partition)> {
    let mut by_wealth: Vec<_> = result.iter().collect();
    by_wealth.sort_by_key(|(_, own)| std::cmp::Reverse(own.len()));
    by_wealth.iter().find_map(|(from, own)| {
        own.iter().rev().find_map(|partition| {
            let to = poorest(result, wanted, partition)?;
            (own.len() >= result[&to].len() + 2).then(|| ((*from).clone(), to, partition.clone()))
        })
    })
}
