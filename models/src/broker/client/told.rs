use std::collections::{BTreeMap, VecDeque};
use std::task::Waker;

use cascadia_patterns::messaging::group::GroupEvent;
use cascadia_patterns::messaging::{BrokerError, DeliveryId, Fed, Group, Offset, Token};
use cascadia_runtime::Time;

use super::room::{Key, Room, key};
use crate::broker::words::Seats;

/// What a feed was told and has not told its user.
#[derive(Default)]
pub(super) struct Told {
    newest: Newest,
    pub(super) queue: VecDeque<Result<Fed, BrokerError>>,
    pub(super) waker: Option<Waker>,
    /// It takes nothing more.
    pub(super) is_drained: bool,
    /// It has told that it broke off, or is dropped.
    pub(super) is_over: bool,
    /// Whose it is.
    pub(super) group: Option<Group>,
    /// What each place may give it.
    pub(super) room: Room,
    /// Deliveries that are not settled.
    pub(super) out: u64,
    /// Wakes who keeps it attached to each place.
    pub(super) keepers: Vec<Option<Waker>>,
    /// Places that know it no more.
    pub(super) lost: Vec<bool>,
    /// Which partitions it has, where it is a member of a group that shares them.
    pub(super) seats: Seats,
    /// What its group has told and it has not heeded.
    pub(super) events: VecDeque<GroupEvent>,
    /// Wakes the member that it is.
    pub(super) member: Option<Waker>,
    /// How often it has said something of itself.
    said: u64,
    /// When what its consumer is not done with came, where a member is judged by that.
    held: Option<BTreeMap<Key, Time>>,
}

/// The newest deliveries, as what was sent once may come twice.
#[derive(Default)]
struct Newest {
    line: VecDeque<(u32, Offset, Token)>,
    /// The last token of each partition. What comes in its order is none of those in the line.
    last: Vec<Option<Token>>,
}

/// So many deliveries are known again.
const KNOWN: usize = 1_000;

impl Newest {
    /// A delivery has come. Whether it is another one.
    fn add(&mut self, id: &DeliveryId) -> bool {
        let partition = id.source.partition.number;
        let (place, token, id) =
            (partition as usize, Some(id.token), (partition, id.offset, id.token));
        if self.last.len() <= place {
            self.last.resize(place + 1, None);
        }
        if token > self.last[place] {
            self.last[place] = token;
        } else if self.line.contains(&id) {
            return false;
        }
        if self.line.len() == KNOWN {
            self.line.pop_front();
        }
        self.line.push_back(id);
        true
    }
}

impl Told {
    pub(super) fn new(group: Group, share: u32, nodes: usize, is_member: bool) -> Self {
        let (group, held) = (Some(group), is_member.then(BTreeMap::new));
        let (keepers, lost) = (vec![None; nodes], vec![false; nodes]);
        Self { group, room: Room::new(share, nodes), keepers, lost, held, ..Self::default() }
    }

    pub(super) fn push(&mut self, told: Result<Fed, BrokerError>, now: Time) {
        if let Ok(Fed::Delivery(delivery)) = &told {
            if !self.newest.add(&delivery.id) {
                return;
            }
            self.out += 1;
            if let Some(held) = &mut self.held {
                held.insert(key(&delivery.id), now);
            }
        }
        self.queue.push_back(told);
        self.wake();
    }

    /// The number of what it says of itself next.
    pub(super) fn say(&mut self) -> u64 {
        self.said += 1;
        self.said
    }

    /// It has these partitions from now on.
    pub(super) fn seat(&mut self, seats: Seats) {
        let before = std::mem::replace(&mut self.seats, seats);
        let new = &self.seats.partitions;
        let gone: Vec<_> = before.partitions.difference(new).cloned().collect();
        let come: Vec<_> = new.difference(&before.partitions).cloned().collect();
        let generation = self.seats.generation;
        if !gone.is_empty() {
            if let Some(held) = &mut self.held {
                held.retain(|(partition, ..), _| !gone.contains(partition));
            }
            self.room.lose(&gone);
            self.queue.push_back(Ok(Fed::Revoked(gone)));
        }
        if generation != before.generation {
            self.queue.push_back(Ok(Fed::Assigned(generation, come)));
        }
        self.wake();
    }

    /// The group that it belongs to tells something.
    pub(super) fn tell_member(&mut self, event: GroupEvent) {
        self.events.push_back(event);
        self.member.take().into_iter().for_each(Waker::wake);
    }

    /// Its consumer is done with some deliveries.
    pub(super) fn let_go(&mut self, ids: &[DeliveryId]) {
        if let Some(held) = &mut self.held {
            for id in ids {
                held.remove(&key(id));
            }
            if self.is_drained {
                self.wake();
            }
        }
    }

    /// Since when its consumer has had what it has had for longest.
    pub(super) fn oldest(&self) -> Option<Time> {
        self.held.iter().flat_map(BTreeMap::values).min().copied()
    }

    /// Whether its consumer has nothing of it. What was taken away with its partition is not settled any more.
    pub(super) fn has_none(&self) -> bool {
        self.held.as_ref().map_or(self.out == 0, BTreeMap::is_empty)
    }

    /// Some of its deliveries are settled.
    pub(super) fn settled(&mut self, count: u64, handled: &[DeliveryId]) {
        self.out = self.out.saturating_sub(count);
        self.room.settled(handled);
        if self.is_drained {
            self.wake();
        }
    }

    /// It is no more.
    pub(super) fn end(&mut self) {
        self.is_over = true;
        self.member.take().into_iter().for_each(Waker::wake);
    }

    pub(super) fn wake(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    /// A place has gone, and what it knew of it.
    pub(super) fn reset(&mut self, node: usize) {
        self.lost[node] = true;
        self.room.reset(node);
        if let Some(waker) = self.keepers[node].take() {
            waker.wake();
        }
    }
}
