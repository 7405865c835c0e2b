use std::collections::BTreeMap;

use cascadia_patterns::messaging::{DeliveryId, Offset, Partition, Token};

/// A delivery.
pub(super) type Key = (Partition, Offset, Token);

pub(super) fn key(id: &DeliveryId) -> Key {
    (id.source.partition.clone(), id.offset, id.token)
}

/// How many messages each place may give a feed at a time: its share of what the consumer has room for, and what it has
/// given that was handled and only waits to be acknowledged.
#[derive(Default)]
pub(super) struct Room {
    share: u32,
    /// Which place has given what waits to be acknowledged.
    handled: BTreeMap<Key, usize>,
    places: Vec<Giver>,
    /// Some place may have been told otherwise than it is now: they are gone through only then.
    pub(super) has_changed: bool,
}

/// A place that gives messages.
#[derive(Clone, Copy)]
struct Giver {
    /// How many of what it has given were handled and wait to be acknowledged.
    handled: u32,
    /// How many it was told that it may give.
    told: u32,
}

impl Room {
    pub(super) fn new(share: u32, places: usize) -> Self {
        let giver = Giver { handled: 0, told: share };
        Self { share, places: vec![giver; places], ..Self::default() }
    }

    /// Each place has this share from now on.
    pub(super) fn share(&mut self, share: u32) {
        (self.share, self.has_changed) = (share, true);
    }

    /// What a place may give.
    pub(super) fn of(&self, place: usize) -> u32 {
        if self.share == 0 { 0 } else { self.share.saturating_add(self.places[place].handled) }
    }

    /// What a place is to be told that it may give, where it was told otherwise.
    pub(super) fn tell(&mut self, place: usize) -> Option<u32> {
        let most = self.of(place);
        let before = std::mem::replace(&mut self.places[place].told, most);
        (before != most).then_some(most)
    }

    /// Something that a place has given was handled. Whether that is worth telling it.
    pub(super) fn handled(&mut self, id: &DeliveryId, place: usize) -> bool {
        if self.handled.insert(key(id), place).is_none() {
            self.places[place].handled += 1;
            self.has_changed = true;
        }
        self.of(place) >= self.places[place].told.saturating_add((self.share / 2).max(1))
    }

    /// Whether something waits to be acknowledged.
    pub(super) fn waits(&self, id: &DeliveryId) -> bool {
        !self.handled.is_empty() && self.handled.contains_key(&key(id))
    }

    /// Some of that is settled.
    pub(super) fn settled(&mut self, ids: &[DeliveryId]) {
        for id in ids {
            if let Some(place) = self.handled.remove(&key(id)) {
                self.places[place].handled -= 1;
                self.has_changed = true;
            }
        }
    }

    /// What came of these partitions is nothing to it any more.
    pub(super) fn lose(&mut self, gone: &[Partition]) {
        self.has_changed = true;
        let Self { handled, places, .. } = self;
        handled.retain(|(partition, ..), place| {
            let stays = !gone.contains(partition);
            places[*place].handled -= u32::from(!stays);
            stays
        });
    }

    /// A place has gone, and what it knew of it.
    pub(super) fn reset(&mut self, place: usize) {
        self.handled.retain(|_, of| *of != place);
        (self.places[place].handled, self.has_changed) = (0, true);
    }
}
