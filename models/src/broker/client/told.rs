use std::collections::{BTreeSet, VecDeque};
use std::task::Waker;

use cascadia_patterns::messaging::{BrokerError, DeliveryId, Fed, Group, Offset, Token};

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
    /// Deliveries that are not settled.
    pub(super) out: u64,
    /// Wakes who keeps it attached to each place.
    pub(super) keepers: Vec<Option<Waker>>,
    /// Places that know it no more.
    pub(super) lost: Vec<bool>,
}

/// The newest deliveries, as what was sent once may come twice.
#[derive(Default)]
struct Newest {
    line: VecDeque<(u32, Offset, Token)>,
    set: BTreeSet<(u32, Offset, Token)>,
}

/// So many deliveries are known again.
const KNOWN: usize = 1_000;

impl Newest {
    /// A delivery has come. Whether it is another one.
    fn add(&mut self, id: &DeliveryId) -> bool {
        let id = (id.source.partition.number, id.offset, id.token);
        let is_new = self.set.insert(id);
        if is_new {
            self.line.push_back(id);
        }
        if self.line.len() > KNOWN {
            self.line.pop_front().iter().for_each(|old| {
                self.set.remove(old);
            });
        }
        is_new
    }
}

impl Told {
    pub(super) fn new(group: Group, nodes: usize) -> Self {
        let group = Some(group);
        Self { group, keepers: vec![None; nodes], lost: vec![false; nodes], ..Self::default() }
    }

    pub(super) fn push(&mut self, told: Result<Fed, BrokerError>) {
        if let Ok(Fed::Delivery(delivery)) = &told {
            if !self.newest.add(&delivery.id) {
                return;
            }
            self.out += 1;
        }
        self.queue.push_back(told);
        self.wake();
    }

    /// Some of its deliveries are settled.
    pub(super) fn settled(&mut self, count: u64) {
        self.out = self.out.saturating_sub(count);
        self.wake();
    }

    pub(super) fn wake(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    /// A place has gone, and what it knew of it.
    pub(super) fn reset(&mut self, node: usize) {
        self.lost[node] = true;
        if let Some(waker) = self.keepers[node].take() {
            waker.wake();
        }
    }
}
