use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use cascadia_runtime::{Stream, Time};

use super::{Assignment, GroupConfig, GroupCore, GroupError, GroupEvent, Joining, Who, assign};
use crate::messaging::ids::{Generation, MemberId, Partition, Topic};
use crate::messaging::sharing::Assignor;

const ASSIGNORS: [Assignor; 3] =
    [Assignor::Range, Assignor::RoundRobin, Assignor::CooperativeSticky];

fn at(seconds: u64) -> Time {
    Time::ZERO + Duration::from_secs(seconds)
}

fn who(id: &str, instance: u64) -> Who {
    Who { id: id.into(), instance }
}

/// Members that do what they are told, with a group.
struct Club {
    group: GroupCore,
    now: Time,
    generations: BTreeMap<MemberId, Generation>,
    owned: Assignment,
    silent: BTreeSet<MemberId>,
    rebalances: usize,
    eager: bool,
}

impl Club {
    fn new(assignor: Assignor, partitions: u32) -> Self {
        let config = GroupConfig { assignor, ..GroupConfig::default() };
        let mut group = GroupCore::new(config, Generation(0));
        group.set_partitions(at(0), BTreeMap::from([("t".into(), partitions)]));
        Self {
            group,
            now: at(0),
            generations: BTreeMap::new(),
            owned: Assignment::new(),
            silent: BTreeSet::new(),
            rebalances: 0,
            eager: assignor != Assignor::CooperativeSticky,
        }
    }

    fn join(&mut self, id: &str) {
        self.rejoin(&id.into(), 0);
        self.turn();
    }

    fn rejoin(&mut self, id: &MemberId, instance: u64) {
        let owned = self.owned.entry(id.clone()).or_default().clone();
        let who = Who { id: id.clone(), instance };
        let topics = BTreeSet::from([Topic::from("t")]);
        self.group.join(self.now, Joining { who, topics, owned }).unwrap();
    }

    fn turn(&mut self) {
        let mut turns = 0;
        while let Some(event) = self.group.poll_event() {
            turns += 1;
            assert!(turns < 1_000, "the group goes round in circles");
            match event {
                GroupEvent::Rejoin { member, .. } if self.silent.contains(&member) => {}
                GroupEvent::Rejoin { member, keeps } => {
                    assert_eq!(keeps, !self.eager);
                    if !keeps {
                        self.owned.insert(member.clone(), BTreeSet::new());
                    }
                    self.rejoin(&member, 0);
                }
                GroupEvent::Assigned { member, generation, partitions, revoked } => {
                    self.rebalances += 1;
                    self.generations.insert(member.clone(), generation);
                    self.owned.insert(member.clone(), partitions);
                    if !revoked.is_empty() && !self.eager {
                        self.rejoin(&member, 0);
                    }
                }
                GroupEvent::Removed { .. } => {}
            }
            // Whatever happens, nobody has what another has, if both may say so.
            let valid = self.valid();
            let all: BTreeSet<_> = valid.iter().collect();
            assert_eq!(all.len(), valid.len(), "{valid:?}");
        }
    }

    /// The partitions that members believe in and are right to.
    fn valid(&self) -> Vec<Partition> {
        let owned = self.owned.iter().flat_map(|(id, own)| own.iter().map(move |it| (id, it)));
        let valid = owned.filter(|(id, partition)| {
            let generation = self.generations.get(*id).copied().unwrap_or_default();
            self.group.check(&Who { id: (*id).clone(), instance: 0 }, generation, partition).is_ok()
        });
        valid.map(|(_, partition)| partition.clone()).collect()
    }

    fn pass(&mut self, seconds: u64) {
        for _ in 0..seconds {
            self.now += Duration::from_secs(1);
            for id in self.owned.keys().filter(|id| !self.silent.contains(*id)) {
                let generation = self.generations.get(id).copied().unwrap_or_default();
                let _ = self.group.heartbeat(self.now, &who(id.as_str(), 0), generation);
            }
            self.group.on_tick(self.now);
            self.turn();
        }
    }

    fn sizes(&self) -> Vec<usize> {
        self.group.assignment().values().map(BTreeSet::len).collect()
    }
}

#[test]
fn those_who_start_together_are_assigned_together() {
    for assignor in ASSIGNORS {
        let mut club = Club::new(assignor, 12);
        for id in ["a", "b", "c"] {
            club.join(id);
        }
        club.pass(2);
        assert_eq!(club.group.generation(), Generation(0), "it waits for more to come");
        club.pass(1);
        assert_eq!(club.group.generation(), Generation(1));
        assert_eq!(club.sizes(), [4, 4, 4], "{assignor:?}");
        assert_eq!(club.valid().len(), 12);
        assert!(club.group.is_stable());
    }
}

#[test]
fn a_cooperative_rebalance_moves_only_what_must_move_and_ends() {
    let mut club = Club::new(Assignor::CooperativeSticky, 12);
    club.join("a");
    club.join("b");
    club.pass(3);
    let before = club.group.assignment();
    club.join("c");
    assert_eq!(club.sizes(), [4, 4, 4]);
    assert!(club.group.is_stable());
    // One that takes away and one that gives; no third.
    assert_eq!(club.group.generation(), Generation(3));
    for (member, own) in &before {
        assert_eq!(club.group.assignment()[member].intersection(own).count(), 4, "{member}");
    }
    club.pass(600);
    assert_eq!(club.group.generation(), Generation(3), "and nothing goes on");
}

#[test]
fn a_silent_member_is_out_and_what_it_says_then_does_not_count() {
    for assignor in ASSIGNORS {
        let mut club = Club::new(assignor, 4);
        club.join("a");
        club.join("b");
        club.pass(3);
        club.silent.insert("b".into());
        let (old, partition) = (club.generations[&"b".into()], club.owned[&"b".into()].first());
        let partition = partition.unwrap().clone();
        assert_eq!(club.group.check(&who("b", 0), old, &partition), Ok(()));
        club.pass(45);
        assert_eq!(club.sizes(), [4], "{assignor:?}");
        let late = club.group.check(&who("b", 0), old, &partition);
        assert_eq!(late, Err(GroupError::UnknownMember));
        let late = club.group.heartbeat(club.now, &who("b", 0), old);
        assert_eq!(late, Err(GroupError::UnknownMember));
        // It comes back and believes in what it had.
        club.silent.clear();
        club.join("b");
        club.pass(1);
        assert_eq!(club.sizes(), [2, 2]);
    }
}

#[test]
fn a_member_that_does_not_come_to_a_rebalance_is_out() {
    let mut club = Club::new(Assignor::Range, 4);
    club.join("a");
    club.join("b");
    club.pass(3);
    // It lives, and is busy with something.
    club.silent.insert("b".into());
    club.join("c");
    for _ in 0..299 {
        club.pass(1);
        let generation = club.generations[&"b".into()];
        let told = club.group.heartbeat(club.now, &who("b", 0), generation);
        assert_eq!(told, Err(GroupError::Rebalancing));
    }
    club.pass(1);
    assert_eq!(club.sizes(), [2, 2]);
    assert!(!club.group.assignment().contains_key(&"b".into()));
}

/// Whoever has not heard the answer joins again, and is not a ghost that nobody ever hears of.
#[test]
fn one_that_joins_twice_is_one_member() {
    let mut club = Club::new(Assignor::CooperativeSticky, 4);
    club.join("a");
    club.join("a");
    club.pass(3);
    assert_eq!(club.sizes(), [4]);
    let generation = club.group.generation();
    club.join("a");
    assert_eq!(club.group.generation(), generation, "it is only told again");
    assert_eq!(club.sizes(), [4]);
}

#[test]
fn a_static_member_that_is_back_has_what_it_had_and_fences_its_former_self() {
    let mut club = Club::new(Assignor::CooperativeSticky, 4);
    club.rejoin(&"a".into(), 1);
    club.rejoin(&"b".into(), 1);
    club.pass(3);
    let before = club.group.assignment();
    let partition = before[&"a".into()].first().unwrap().clone();
    let generation = club.group.generation();
    assert_eq!(club.group.check(&who("a", 1), generation, &partition), Ok(()));
    club.rejoin(&"a".into(), 2);
    assert_eq!(club.group.generation(), generation);
    assert_eq!(club.group.assignment(), before);
    assert_eq!(club.group.check(&who("a", 1), generation, &partition), Err(GroupError::Fenced));
    assert_eq!(club.group.check(&who("a", 2), generation, &partition), Ok(()));
    let topics = BTreeSet::from([Topic::from("t")]);
    let old = Joining { who: who("a", 1), topics, owned: BTreeSet::new() };
    assert_eq!(club.group.join(club.now, old), Err(GroupError::Fenced));
}

#[test]
fn new_partitions_are_assigned() {
    let mut club = Club::new(Assignor::CooperativeSticky, 2);
    club.join("a");
    club.join("b");
    club.pass(3);
    club.group.set_partitions(club.now, BTreeMap::from([("t".into(), 6)]));
    club.turn();
    assert_eq!(club.sizes(), [3, 3]);
}

/// A day of members that come, die and come back: nobody has what another has, and it always ends.
#[test]
fn a_day_of_rebalances_leaves_nothing_behind() {
    for (seed, assignor) in (0..).zip(ASSIGNORS) {
        let mut stream = Stream::from_seed(seed);
        let mut club = Club::new(assignor, 20);
        let ids = ["a", "b", "c", "d", "e"];
        for _ in 0..1_440 {
            let id = ids[stream.below(5) as usize];
            match stream.below(4) {
                0 if club.silent.remove(&id.into()) => club.join(id),
                0 => club.join(id),
                1 => drop(club.silent.insert(id.into())),
                2 => {
                    club.group.leave(club.now, &who(id, 0));
                    club.owned.remove(&id.into());
                    club.generations.remove(&id.into());
                    club.turn();
                }
                _ => {}
            }
            club.pass(stream.below(120));
        }
        club.silent.clear();
        for id in ids {
            club.join(id);
        }
        club.pass(400);
        assert_eq!(club.sizes(), [4; 5], "{assignor:?}");
        assert_eq!(club.valid().len(), 20);
        assert!(club.group.is_stable());
    }
}

#[test]
fn every_assignor_gives_everything_to_those_who_want_it_evenly() {
    let mut stream = Stream::from_seed(7);
    for _ in 0..300 {
        for assignor in ASSIGNORS {
            let topics = 1 + stream.below(3);
            let partitions: BTreeMap<Topic, u32> =
                (0..topics).map(|n| (format!("t{n}").into(), stream.below(9) as u32)).collect();
            let members = 1 + stream.below(5);
            let is_uniform = stream.below(2) == 0;
            let wanted: BTreeMap<MemberId, BTreeSet<Topic>> = (0..members)
                .map(|n| {
                    let wants = |_: &&Topic| is_uniform || stream.below(2) == 0;
                    (format!("m{n}").into(), partitions.keys().filter(wants).cloned().collect())
                })
                .collect();
            let owned = assign(Assignor::RoundRobin, &partitions, &wanted, &Assignment::new());
            let result = assign(assignor, &partitions, &wanted, &owned);
            let given: Vec<_> = result.values().flatten().collect();
            let wanting = |topic: &Topic| wanted.values().any(|topics| topics.contains(topic));
            let all = partitions.iter().filter(|(topic, _)| wanting(topic));
            let all: u32 = all.map(|(_, count)| count).sum();
            assert_eq!(given.len(), all as usize);
            assert_eq!(given.iter().collect::<BTreeSet<_>>().len(), all as usize);
            for (member, own) in &result {
                assert!(own.iter().all(|partition| wanted[member].contains(&partition.topic)));
            }
            let sizes = result.values().map(BTreeSet::len);
            let (least, most) = (sizes.clone().min().unwrap(), sizes.max().unwrap());
            if is_uniform && assignor != Assignor::Range {
                assert!(most - least <= 1, "{assignor:?}: {result:?}");
            }
            if assignor == Assignor::CooperativeSticky && is_uniform {
                assert_eq!(result, owned, "what is even stays as it is");
            }
        }
    }
}

/// What the fence is for: a member that was taken for dead goes on with what is another's now.
#[test]
fn without_generations_two_members_would_have_one_partition() {
    let mut club = Club::new(Assignor::CooperativeSticky, 4);
    club.join("a");
    club.join("b");
    club.pass(3);
    club.silent.insert("b".into());
    club.pass(45);
    let believed: Vec<_> = club.owned.values().flatten().collect();
    let distinct: BTreeSet<_> = believed.iter().collect();
    assert!(distinct.len() < believed.len(), "both believe in the same partitions");
    assert_eq!(club.valid().len(), distinct.len(), "and one of them is right");
}
