use std::collections::BTreeMap;
use std::sync::Arc;

use cascadia_patterns::messaging::Subscription;
use cascadia_patterns::messaging::partition::ConsumerId;
use cascadia_runtime::Time;

use crate::broker::words::Seats;
use crate::component::{Connection, PlaceId};

/// Who is connected with a place of a broker.
#[derive(Default)]
pub(super) struct Clients {
    clients: BTreeMap<PlaceId, Client>,
    /// Whose each consumer is.
    consumers: BTreeMap<ConsumerId, (PlaceId, u64)>,
    next: u64,
}

pub(super) struct Client {
    /// Which of its lives.
    life: u64,
    pub(super) connection: Connection,
    pub(super) feeds: BTreeMap<u64, Attached>,
}

/// A feed that is told of the partitions here.
pub(super) struct Attached {
    pub(super) consumer: ConsumerId,
    pub(super) subscription: Arc<Subscription>,
    /// How many messages it may have.
    pub(super) credit: u32,
    /// How many it has.
    pub(super) has: u32,
    /// The numbers of the newest that it has said of its credit, and of what it has here.
    pub(super) credited: u64,
    pub(super) seated: u64,
    /// When it was last heard of.
    pub(super) heard: Time,
    /// What it has everywhere, where it is a member of a group that shares partitions.
    pub(super) seats: Seats,
    /// The partitions here that it reads, and as which reader of them.
    pub(super) reads: Vec<(usize, usize)>,
}

impl Clients {
    /// A client in one of its lives. What an earlier one has left is returned, to be detached.
    pub(super) fn meet(
        &mut self,
        from: PlaceId,
        life: u64,
        connect: impl FnOnce() -> Connection,
    ) -> Vec<Attached> {
        let new = |connection| Client { life, connection, feeds: BTreeMap::new() };
        match self.clients.get_mut(&from) {
            Some(client) if client.life >= life => Vec::new(),
            Some(client) => {
                let feeds = std::mem::replace(client, new(connect())).feeds;
                self.forget(feeds.into_values().collect())
            }
            None => {
                self.clients.insert(from, new(connect()));
                Vec::new()
            }
        }
    }

    /// Whether this is the life of a client that goes on.
    pub(super) fn knows(&self, from: PlaceId, life: u64) -> bool {
        self.clients.get(&from).is_some_and(|client| client.life == life)
    }

    pub(super) fn client(&self, from: PlaceId) -> Option<&Client> {
        self.clients.get(&from)
    }

    /// The client has gone, with all its feeds.
    pub(super) fn leave(&mut self, from: PlaceId) -> Vec<Attached> {
        let feeds = self.clients.get_mut(&from).map(|client| std::mem::take(&mut client.feeds));
        self.forget(feeds.into_iter().flat_map(BTreeMap::into_values).collect())
    }

    /// A feed is there, perhaps already.
    pub(super) fn attach(
        &mut self,
        from: PlaceId,
        feed: u64,
        subscription: &Arc<Subscription>,
        credit: u32,
        now: Time,
    ) -> ConsumerId {
        let consumer = ConsumerId(self.next);
        let Some(client) = self.clients.get_mut(&from) else { return consumer };
        let attached = client.feeds.entry(feed).or_insert_with(|| {
            self.next += 1;
            self.consumers.insert(consumer, (from, feed));
            let subscription = Arc::clone(subscription);
            Attached {
                consumer,
                subscription,
                credit,
                has: 0,
                credited: 0,
                seated: 0,
                heard: now,
                seats: Seats::default(),
                reads: Vec::new(),
            }
        });
        attached.heard = now;
        attached.consumer
    }

    pub(super) fn feed(&mut self, from: PlaceId, feed: u64) -> Option<&mut Attached> {
        self.clients.get_mut(&from)?.feeds.get_mut(&feed)
    }

    /// All feeds.
    pub(super) fn feeds(&mut self) -> impl Iterator<Item = &mut Attached> {
        self.clients.values_mut().flat_map(|client| client.feeds.values_mut())
    }

    pub(super) fn detach(&mut self, from: PlaceId, feed: u64) -> Option<Attached> {
        let attached = self.clients.get_mut(&from)?.feeds.remove(&feed)?;
        self.forget(vec![attached]).pop()
    }

    /// Those that were not heard of since `at`.
    pub(super) fn silent(&mut self, at: Time) -> Vec<Attached> {
        let mut silent = Vec::new();
        for client in self.clients.values_mut() {
            let gone: Vec<u64> = client
                .feeds
                .iter()
                .filter(|(_, attached)| attached.heard < at)
                .map(|(feed, _)| *feed)
                .collect();
            silent.extend(gone.iter().filter_map(|feed| client.feeds.remove(feed)));
        }
        self.forget(silent)
    }

    fn forget(&mut self, gone: Vec<Attached>) -> Vec<Attached> {
        for attached in &gone {
            self.consumers.remove(&attached.consumer);
        }
        gone
    }

    /// Whose a consumer is.
    pub(super) fn whose(&self, consumer: ConsumerId) -> Option<(PlaceId, u64)> {
        self.consumers.get(&consumer).copied()
    }

    /// The feed of a consumer.
    pub(super) fn consumer(&mut self, consumer: ConsumerId) -> Option<&mut Attached> {
        let (from, feed) = self.whose(consumer)?;
        self.feed(from, feed)
    }

    /// Whether a consumer may be given a message.
    pub(super) fn has_room(&self, consumer: ConsumerId) -> bool {
        let feed =
            self.whose(consumer).and_then(|(from, feed)| self.clients.get(&from)?.feeds.get(&feed));
        feed.is_some_and(|attached| attached.has < attached.credit)
    }

    /// The ways to all of them.
    pub(super) fn connections(&self) -> Vec<Connection> {
        self.clients.values().map(|client| client.connection.clone()).collect()
    }
}
