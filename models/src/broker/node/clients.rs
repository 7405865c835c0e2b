use std::collections::BTreeMap;
use std::sync::Arc;

use cascadia_patterns::line::Line;
use cascadia_patterns::messaging::Subscription;
use cascadia_patterns::messaging::partition::ConsumerId;
use cascadia_runtime::Time;

use crate::broker::words::Seats;
use crate::component::{Connection, PlaceId};

/// Who is connected with a place of a broker.
#[derive(Default)]
pub(super) struct Clients {
    clients: BTreeMap<PlaceId, Client>,
    /// By the numbers of the consumers.
    consumers: Line<Attached>,
    next: u64,
}

pub(super) struct Client {
    /// Which of its lives.
    life: u64,
    pub(super) connection: Connection,
    /// Which consumers its feeds are.
    feeds: BTreeMap<u64, ConsumerId>,
}

/// A feed that is told of the partitions here.
pub(super) struct Attached {
    pub(super) consumer: ConsumerId,
    /// Whose it is, and which of the feeds there.
    of: (PlaceId, u64),
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
    /// A client in one of its lives. What an earlier one has left is returned, to be detached; nothing where a later one
    /// is known.
    pub(super) fn meet(
        &mut self,
        from: PlaceId,
        life: u64,
        connect: impl FnOnce() -> Connection,
    ) -> Option<Vec<Attached>> {
        let new = |connection| Client { life, connection, feeds: BTreeMap::new() };
        match self.clients.get_mut(&from) {
            Some(client) if client.life > life => None,
            Some(client) if client.life == life => Some(Vec::new()),
            Some(client) => {
                let feeds = std::mem::replace(client, new(connect())).feeds;
                Some(self.forget(feeds.into_values()))
            }
            None => {
                self.clients.insert(from, new(connect()));
                Some(Vec::new())
            }
        }
    }

    pub(super) fn client(&self, from: PlaceId) -> Option<&Client> {
        self.clients.get(&from)
    }

    /// The client has gone, with all its feeds.
    pub(super) fn leave(&mut self, from: PlaceId) -> Vec<Attached> {
        let feeds = self.clients.get_mut(&from).map(|client| std::mem::take(&mut client.feeds));
        self.forget(feeds.unwrap_or_default().into_values())
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
        let consumer = *client.feeds.entry(feed).or_insert(consumer);
        if let Some(attached) = self.consumers.get_mut(consumer.0) {
            attached.heard = now;
            return consumer;
        }
        self.next += 1;
        let (of, subscription) = ((from, feed), Arc::clone(subscription));
        let (credited, seated, seats, reads) = (0, 0, Seats::default(), Vec::new());
        let (has, heard) = (0, now);
        let attached = Attached {
            consumer,
            of,
            subscription,
            credit,
            has,
            credited,
            seated,
            heard,
            seats,
            reads,
        };
        self.consumers.insert(consumer.0, attached);
        consumer
    }

    pub(super) fn feed(&mut self, from: PlaceId, feed: u64) -> Option<&mut Attached> {
        let consumer = self.clients.get(&from)?.feeds.get(&feed)?;
        self.consumers.get_mut(consumer.0)
    }

    /// The consumers that all feeds are.
    pub(super) fn consumers(&self) -> Vec<ConsumerId> {
        self.consumers.iter().map(|(number, _)| ConsumerId(number)).collect()
    }

    pub(super) fn detach(&mut self, from: PlaceId, feed: u64) -> Option<Attached> {
        let consumer = self.clients.get_mut(&from)?.feeds.remove(&feed)?;
        self.consumers.remove(consumer.0)
    }

    /// Those that were not heard of since `at`.
    pub(super) fn silent(&mut self, at: Time) -> Vec<Attached> {
        let Self { clients, consumers, .. } = self;
        let is_silent = |consumer: &ConsumerId| {
            consumers.get(consumer.0).is_some_and(|attached| attached.heard < at)
        };
        let feeds = clients.values_mut().flat_map(|client| {
            client.feeds.extract_if(.., |_, consumer| is_silent(consumer)).map(|(_, gone)| gone)
        });
        let silent: Vec<_> = feeds.collect();
        self.forget(silent)
    }

    fn forget(&mut self, gone: impl IntoIterator<Item = ConsumerId>) -> Vec<Attached> {
        gone.into_iter().filter_map(|consumer| self.consumers.remove(consumer.0)).collect()
    }

    /// Whose a consumer is.
    pub(super) fn whose(&self, consumer: ConsumerId) -> Option<(PlaceId, u64)> {
        self.consumers.get(consumer.0).map(|attached| attached.of)
    }

    /// The feed of a consumer.
    pub(super) fn consumer(&mut self, consumer: ConsumerId) -> Option<&mut Attached> {
        self.consumers.get_mut(consumer.0)
    }

    /// Whether a consumer may be given a message.
    pub(super) fn has_room(&self, consumer: ConsumerId) -> bool {
        self.consumers.get(consumer.0).is_some_and(|attached| attached.has < attached.credit)
    }

    /// The ways to all of them.
    pub(super) fn connections(&self) -> Vec<Connection> {
        self.clients.values().map(|client| client.connection.clone()).collect()
    }
}
