use std::collections::BTreeSet;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use cascadia_patterns::messaging::group::{GroupError, GroupEvent, Who};
use cascadia_patterns::messaging::{Assignor, MemberId, Partition, Sharing, Subscription};
use cascadia_sim_core::Local;
use futures::FutureExt;
use futures::future::{Either, select};

use super::remote::Remote;
use super::told::Told;
use crate::broker::words::{Asked, Membership, Reply, Said, Seats, Wish};
use crate::plan::SessionPlan;

/// How long it waits for an answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long it rests before it asks again to be let in.
const REST: Duration = Duration::from_secs(1);

/// A feed as a member of a group that shares partitions.
pub(super) struct Member {
    pub(super) remote: Arc<Remote>,
    pub(super) number: u64,
    pub(super) told: Arc<Local<Told>>,
    /// The positions of its topic and its group.
    pub(super) group: (usize, usize),
    /// The places that keep something of the topic.
    pub(super) nodes: Vec<usize>,
    pub(super) subscription: Arc<Subscription>,
}

impl Member {
    /// Joins, and stays as long as the feed is there.
    pub(super) async fn belong(self: Arc<Self>) {
        while !self.told.borrow_mut().is_over {
            let owned = self.told.borrow_mut().seats.partitions.clone();
            match self.ask(Wish::Join(owned)).await {
                Some(Ok(())) => self.stay().await,
                Some(Err(_)) | None => self.remote.life.sleep(REST).await,
            }
        }
    }

    /// Does what the group says, until it has to join again.
    async fn stay(&self) {
        let session = self.session();
        while !self.told.borrow_mut().is_over {
            let event = std::future::poll_fn(|context| {
                let told = &mut *self.told.borrow_mut();
                match told.events.pop_front() {
                    _ if told.is_over => Poll::Ready(None),
                    Some(event) => Poll::Ready(Some(event)),
                    None => {
                        told.member = Some(context.waker().clone());
                        Poll::Pending
                    }
                }
            });
            let beat = self.remote.life.sleep(session.heartbeat);
            let joins_again = match select(event.boxed(), beat.boxed()).await {
                Either::Left((Some(event), _)) => self.heed(event),
                Either::Left((None, _)) => return,
                Either::Right(_) if self.is_overdue() => {
                    self.leave();
                    self.lose_all();
                    true
                }
                Either::Right(_) => self.beat().await,
            };
            if joins_again {
                return;
            }
        }
    }

    /// Says that it is there. Whether it has to join again.
    async fn beat(&self) -> bool {
        let generation = self.told.borrow_mut().seats.generation;
        let Some(Err(error)) = self.ask(Wish::Stay(generation)).await else { return false };
        if !self.told.borrow_mut().events.is_empty() {
            // The group has said so itself meanwhile, and more.
            return false;
        }
        let keeps = match error {
            GroupError::Rebalancing | GroupError::IllegalGeneration => self.is_cooperative(),
            GroupError::UnknownMember | GroupError::Fenced => false,
        };
        if !keeps {
            self.lose_all();
        }
        true
    }

    /// Whether its consumer has not been done with a message for so long that it is taken for dead.
    fn is_overdue(&self) -> bool {
        let now = self.remote.life.now();
        let oldest = self.told.borrow_mut().oldest();
        oldest.is_some_and(|at| now.since(at) > self.subscription.poll_interval)
    }

    /// Does what the group says. Whether it has to join again.
    fn heed(&self, event: GroupEvent) -> bool {
        let own = self.who().id;
        match event {
            GroupEvent::Rejoin { member, keeps } if member == own => {
                if !keeps {
                    self.lose_all();
                }
                true
            }
            GroupEvent::Assigned { member, generation, partitions, revoked } if member == own => {
                self.have(Seats { generation, partitions });
                !revoked.is_empty()
            }
            GroupEvent::Removed { member, .. } if member == own => {
                self.lose_all();
                true
            }
            // Of an earlier life.
            _ => false,
        }
    }

    fn lose_all(&self) {
        let generation = self.told.borrow_mut().seats.generation;
        self.have(Seats { generation, partitions: BTreeSet::new() });
    }

    /// Has these partitions from now on, and tells all who keep any.
    fn have(&self, seats: Seats) {
        self.told.borrow_mut().seat(seats);
        self.nodes.iter().for_each(|node| self.sit(*node));
    }

    /// Tells a place what it has there.
    pub(super) fn sit(&self, node: usize) {
        let (seats, number) = {
            let told = &mut *self.told.borrow_mut();
            (told.seats.clone(), told.say())
        };
        let said = Said { feed: self.number, number };
        let is_there = |partition: &Partition| self.remote.keeper(partition) == Ok(node);
        let partitions = seats.partitions.into_iter().filter(is_there).collect();
        self.remote.say(node, Asked::Seat(said, Seats { partitions, ..seats }));
    }

    /// Is a member no more.
    pub(super) fn leave(&self) {
        self.remote.say(self.coordinator(), self.wants(Wish::Leave));
    }

    async fn ask(&self, wish: Wish) -> Option<Result<(), GroupError>> {
        match self.remote.ask(self.coordinator(), self.wants(wish), PATIENCE).await {
            Ok(Reply::Member(answer)) => Some(answer),
            _ => None,
        }
    }

    fn wants(&self, wish: Wish) -> Asked {
        let (group, feed, who) = (self.group, self.number, self.who());
        Asked::Member(Membership { group, feed, who, wish })
    }

    fn who(&self) -> Who {
        let life = &self.remote.life;
        let id = format!("{:06}/{}/{}", life.place().id().0, life.incarnation(), self.number);
        Who { id: MemberId::from(id), instance: 0 }
    }

    fn coordinator(&self) -> usize {
        self.remote.hub.plan.coordinator(self.group, self.remote.nodes.len())
    }

    fn session(&self) -> SessionPlan {
        self.remote.hub.plan.topics[self.group.0].groups[self.group.1].session
    }

    fn is_cooperative(&self) -> bool {
        self.subscription.sharing == Sharing::Partitions(Assignor::CooperativeSticky)
    }
}
