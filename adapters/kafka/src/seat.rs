use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use cascadia_brokers::{Origin, Station};
use cascadia_patterns::messaging::{
    DeliveryId, Fed, Generation, Group, Offset, Partition, Settled, Source, Start, Topic,
};
use rdkafka::{Offset as Place, TopicPartitionList};
use tokio::sync::{Notify, oneshot};

/// A member of a group: what it was given, and how far it is.
#[derive(Debug)]
pub(crate) struct Seat {
    pub(crate) topic: Topic,
    /// The topic as the cluster calls it.
    pub(crate) name: String,
    pub(crate) group: Group,
    pub(crate) start: Start,
    pub(crate) patience: Duration,
    /// What is held is known by its partition.
    pub(crate) station: Arc<Station<u32>>,
    /// Told when the group has given it something, if only nothing.
    pub(crate) joined: Notify,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    round: u64,
    shares: BTreeMap<u32, Share>,
    wanted: Vec<Seek>,
}

/// A partition that it has. What is before `next`, and not out, is done.
#[derive(Debug)]
struct Share {
    source: Arc<Source>,
    /// What is delivered and not settled, and by which number.
    out: BTreeMap<u64, u64>,
    next: u64,
    committed: u64,
}

impl Share {
    /// Where whoever has it after this one goes on.
    fn place(&self) -> u64 {
        self.out.keys().next().copied().unwrap_or(self.next)
    }

    /// Those that are over by that are told by their numbers.
    fn settle(&mut self, id: &DeliveryId, is_through: bool, over: &mut Vec<u64>) -> Settled {
        let offset = id.offset.0;
        match self.out.get(&offset) {
            Some(number) if *number == id.token.number => {}
            Some(_) => return Settled::Stale,
            None if offset < self.next => return Settled::Gone,
            None => return Settled::Stale,
        }
        if is_through {
            let later = self.out.split_off(&(offset + 1));
            over.extend(std::mem::replace(&mut self.out, later).into_values());
        } else {
            over.extend(self.out.remove(&offset));
        }
        Settled::Done
    }
}

/// That a partition is to be read from another place, and who waits for it.
#[derive(Debug)]
pub(crate) struct Seek {
    pub(crate) partition: u32,
    pub(crate) to: Start,
    pub(crate) done: oneshot::Sender<Result<(), cascadia_patterns::messaging::BrokerError>>,
}

impl Seat {
    pub(crate) fn new(
        (topic, name): (Topic, String),
        group: Group,
        start: Start,
        patience: Duration,
        station: Arc<Station<u32>>,
    ) -> Self {
        let (joined, state) = (Notify::new(), Mutex::default());
        Self { topic, name, group, start, patience, station, joined, state }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// These are its own from now on, from these places.
    pub(crate) fn assign(&self, places: &[(u32, u64)]) {
        let mut state = self.state();
        state.round += 1;
        let generation = Generation(state.round);
        for &(number, place) in places {
            let partition = Partition::new(self.topic.clone(), number);
            let source = Arc::new(Source { partition, group: self.group.clone() });
            let out = BTreeMap::new();
            state.shares.insert(number, Share { source, out, next: place, committed: place });
        }
        let all = places.iter().map(|(number, _)| Partition::new(self.topic.clone(), *number));
        self.station.tell(Fed::Assigned(generation, all.collect()));
        self.joined.notify_one();
    }

    /// These are not any more.
    pub(crate) fn revoke(&self, numbers: &[u32]) {
        let mut state = self.state();
        state.round += 1;
        state.shares.retain(|number, _| !numbers.contains(number));
        self.station.revoke(|number| numbers.contains(number));
        let all = numbers.iter().map(|number| Partition::new(self.topic.clone(), *number));
        self.station.tell(Fed::Revoked(all.collect()));
    }

    /// Hands on messages whose partitions are still there.
    pub(crate) fn deliver(&self, mut all: Vec<(u32, Origin)>) {
        let mut state = self.state();
        all.retain(|(number, _)| state.shares.contains_key(number));
        let places: Vec<_> =
            all.iter().map(|(number, origin)| (*number, origin.offset.0)).collect();
        let shares = &state.shares;
        let own =
            |(number, origin): (u32, Origin)| (Arc::clone(&shares[&number].source), number, origin);
        let first = self.station.deliver_from(all.into_iter().map(own));
        for ((number, offset), delivery) in places.into_iter().zip(first..) {
            let Some(share) = state.shares.get_mut(&number) else { continue };
            share.next = offset + 1;
            share.out.insert(offset, delivery);
        }
    }

    /// How often something was given to it or taken from it.
    pub(crate) fn round(&self) -> u64 {
        self.state().round
    }

    /// That deliveries are done, and with each all before it if that is meant.
    pub(crate) fn settle<'a>(
        &self,
        ids: impl Iterator<Item = &'a DeliveryId>,
        is_through: bool,
    ) -> Vec<Settled> {
        let (mut state, mut done) = (self.state(), Vec::new());
        let one = |id: &DeliveryId| {
            let share = state.shares.get_mut(&id.source.partition.number);
            share.map_or(Settled::Stale, |share| share.settle(id, is_through, &mut done))
        };
        let settled = ids.map(one).collect();
        self.station.conclude(done);
        settled
    }

    /// What is done and not committed yet.
    pub(crate) fn places(&self) -> Vec<(u32, u64)> {
        let state = self.state();
        let behind = state.shares.iter().filter(|(_, share)| share.committed < share.place());
        behind.map(|(number, share)| (*number, share.place())).collect()
    }

    /// These are committed.
    pub(crate) fn committed(&self, places: &[(u32, u64)]) {
        let mut state = self.state();
        for (number, place) in places {
            if let Some(share) = state.shares.get_mut(number) {
                share.committed = share.committed.max(*place);
            }
        }
    }

    /// How much of a partition is delivered and not settled.
    pub(crate) fn in_flight(&self, partition: u32) -> usize {
        self.state().shares.get(&partition).map_or(0, |share| share.out.len())
    }

    pub(crate) fn has(&self, partition: u32) -> bool {
        self.state().shares.contains_key(&partition)
    }

    /// Asks who reads for it to read from another place.
    pub(crate) fn want(&self, seek: Seek) {
        self.state().wanted.push(seek);
    }

    pub(crate) fn wanted(&self) -> Vec<Seek> {
        std::mem::take(&mut self.state().wanted)
    }

    /// What it had of a partition is void, which is read from another place.
    pub(crate) fn move_to(&self, partition: u32, place: u64) {
        let mut state = self.state();
        let Some(share) = state.shares.get_mut(&partition) else { return };
        share.out.clear();
        (share.next, share.committed) = (place, place);
        self.station.revoke(|number| *number == partition);
    }

    /// As the client has it.
    pub(crate) fn list(&self, places: &[(u32, u64)]) -> TopicPartitionList {
        let mut list = TopicPartitionList::with_capacity(places.len());
        for (number, place) in places {
            let place = Place::Offset(*place as i64);
            // An offset that is one is taken.
            drop(list.add_partition_offset(&self.name, *number as i32, place));
        }
        list
    }
}

/// A message's place.
pub(crate) const fn offset(of: i64) -> Offset {
    Offset(if of < 0 { 0 } else { of as u64 })
}
