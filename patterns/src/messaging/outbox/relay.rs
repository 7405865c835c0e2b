use std::sync::{Arc, Mutex};

use cascadia_runtime::{Runtime, Stream, Wall};

use super::config::{OutboxConfig, ReadFrom};
use super::lease::Lease;
use super::rows::{Rows, routed};
use crate::messaging::{
    Acks, Batch, Broker, BrokerError, Capability, Message, Partition, Topic, partition_of,
};
use crate::store::{Commit, Condition, Key, Range, Row, Store, StoreError};
use crate::sync::{before, lock};

/// What a relay has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RelayCounts {
    /// Messages that the broker has taken, and their rows deleted. One whose deletion is not known is not
    /// counted until it is published again.
    pub relayed: u64,
    /// Of these, those that it had already.
    pub duplicates: u64,
    /// Messages that cannot be published. They are kept apart.
    pub dead: u64,
    /// Batches that were not taken, and are tried again.
    pub failed: u64,
    /// How often another relay had taken its place when it wanted to delete what it had published.
    pub fenced: u64,
}

/// What a round came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    /// So many messages are gone; there may be more.
    Relayed(usize),
    /// Nothing is there, or nothing that can be published now.
    Idle,
    /// Another relay is at work, until this moment at least.
    Elsewhere(Wall),
}

/// Publishes what is in an outbox, and deletes what the broker has.
#[derive(Debug)]
pub struct Relay<R> {
    pub(super) world: R,
    pub(super) store: Arc<dyn Store>,
    broker: Arc<dyn Broker>,
    pub(super) config: OutboxConfig,
    pub(super) rows: Rows,
    lease: Lease,
    pub(super) counts: Arc<Mutex<RelayCounts>>,
}

/// Messages for one partition, with the keys of their rows.
type Parcel = (Partition, Vec<(Key, Message)>);

/// What is to be written after a round.
#[derive(Default)]
struct Written {
    done: Vec<Key>,
    dead: Vec<Key>,
    duplicates: u64,
}

impl<R: Runtime> Relay<R> {
    /// One that has not begun. It can be driven by [`round`](Self::round), or [started](super::Relaying::start).
    ///
    /// # Errors
    ///
    /// [`Unsupported`](BrokerError::Unsupported) where the broker does not tell that it has a message;
    /// [`Invalid`](BrokerError::Invalid).
    pub fn new(
        config: OutboxConfig,
        world: R,
        stream: &mut Stream,
        store: Arc<dyn Store>,
        broker: Arc<dyn Broker>,
    ) -> Result<Self, BrokerError> {
        config.check()?;
        broker.can().allow([Capability::ConfirmAll].into_iter().collect())?;
        let rows = Rows(config.prefix.clone());
        let lease = Lease::new(&rows, stream.next_u64());
        Ok(Self { world, store, broker, config, rows, lease, counts: Arc::default() })
    }

    /// Publishes the first messages that there are, and deletes them.
    ///
    /// # Errors
    ///
    /// As for the store. What was published and not deleted is published again.
    pub async fn round(&mut self) -> Result<Round, StoreError> {
        let held = match self.lease.hold(&self.world, &self.store, &self.config).await? {
            Ok(held) => held,
            Err(until) => return Ok(Round::Elsewhere(until)),
        };
        let page = self.store.range(self.unread().await?, self.config.batch).await?;
        if page.rows.is_empty() {
            return Ok(Round::Idle);
        }
        let mut written = Written::default();
        for parcel in self.sort(page.rows.clone(), &mut written).await {
            self.publish(parcel, &mut written).await;
        }
        self.write(held, &page.rows, written).await
    }

    /// Where it reads on.
    async fn unread(&self) -> Result<Range, StoreError> {
        let all = self.rows.all();
        match self.config.reads {
            // What commits late is not behind anybody who has gone on.
            ReadFrom::Start => Ok(all),
            ReadFrom::Last => {
                let last = self.store.get(self.rows.last()).await?;
                Ok(match last {
                    Some(last) => all.after(&last.value),
                    None => all,
                })
            }
        }
    }

    /// The messages by their partitions, each in its order. Of a topic that cannot be asked for now, all stay.
    async fn sort(&self, rows: Vec<Row>, written: &mut Written) -> Vec<Parcel> {
        let mut parcels: Vec<Parcel> = Vec::new();
        let mut topics: Vec<(Topic, Result<u32, BrokerError>)> = Vec::new();
        for row in rows {
            let Some((topic, message)) = routed(&row) else {
                written.dead.push(row.key);
                continue;
            };
            if !topics.iter().any(|(known, _)| *known == topic) {
                let asked = self.broker.partitions(topic.clone()).await;
                topics.push((topic.clone(), asked));
            }
            let known = topics.iter().find(|(known, _)| *known == topic);
            match known.map(|(_, partitions)| partitions) {
                Some(Ok(partitions)) => {
                    let number =
                        message.key.as_deref().map_or(0, |key| partition_of(key, *partitions));
                    add(&mut parcels, Partition { topic, number }, row.key, message);
                }
                Some(Err(error)) if is_final(error) => written.dead.push(row.key),
                _ => lock(&self.counts).failed += 1,
            }
        }
        parcels
    }

    /// Has the broker take the messages of a partition: all at once and, where it refuses one for good, each alone.
    async fn publish(&self, (to, rows): Parcel, written: &mut Written) {
        let messages = rows.iter().map(|(_, message)| message.clone()).collect();
        match self.ask(&to, messages).await {
            Ok(duplicates) => {
                written.duplicates += duplicates;
                written.done.extend(rows.into_iter().map(|(key, _)| key));
            }
            Err(error) if !is_final(&error) => lock(&self.counts).failed += 1,
            Err(_) => {
                for (key, message) in rows {
                    match self.ask(&to, vec![message]).await {
                        Ok(duplicates) => {
                            written.duplicates += duplicates;
                            written.done.push(key);
                        }
                        // What is behind it must not overtake it.
                        Err(error) if !is_final(&error) => {
                            lock(&self.counts).failed += 1;
                            return;
                        }
                        Err(_) => written.dead.push(key),
                    }
                }
            }
        }
    }

    async fn ask(&self, to: &Partition, messages: Vec<Message>) -> Result<u64, BrokerError> {
        let batch = Batch { acks: Acks::All, ..Batch::new(to.clone(), messages) };
        let until = self.world.now() + self.config.timeout;
        match before(&self.world, until, self.broker.publish(batch)).await {
            Some(answer) => answer.map(|receipt| u64::from(receipt.duplicates)),
            None => Err(BrokerError::Unknown("no answer in time".into())),
        }
    }

    /// Deletes what the broker has, and puts apart what it will never take: if this is still the relay.
    async fn write(
        &mut self,
        held: Condition,
        rows: &[Row],
        written: Written,
    ) -> Result<Round, StoreError> {
        let Written { done, dead, duplicates } = written;
        let gone = done.len() + dead.len();
        if gone == 0 {
            return Ok(Round::Idle);
        }
        let mut commit = Commit::new().given(held);
        for key in &done {
            commit = commit.delete(key.clone());
        }
        let is_gone = |row: &&Row| done.contains(&row.key) || dead.contains(&row.key);
        if let (ReadFrom::Last, Some(last)) =
            (self.config.reads, rows.iter().take_while(is_gone).last())
        {
            commit = commit.put(self.rows.last(), last.key.clone());
        }
        for row in rows.iter().filter(|row| dead.contains(&row.key)) {
            let apart = self.rows.dead_of(&row.key);
            commit = commit.delete(row.key.clone()).put(apart, row.value.clone());
        }
        match self.store.commit(commit).await {
            Ok(_) => {
                let mut counts = lock(&self.counts);
                counts.relayed += done.len() as u64;
                counts.duplicates += duplicates;
                counts.dead += dead.len() as u64;
                Ok(Round::Relayed(gone))
            }
            Err(StoreError::Conflict) => {
                lock(&self.counts).fenced += 1;
                self.lease.lose();
                Ok(Round::Idle)
            }
            Err(error) => Err(error),
        }
    }

    /// What could not be published, with where it was to go; at most so many.
    ///
    /// # Errors
    ///
    /// As for the store.
    pub async fn dead(&self, most: usize) -> Result<Vec<(Topic, Message)>, StoreError> {
        let page = self.store.range(self.rows.dead(), most).await?;
        Ok(page.rows.iter().filter_map(routed).collect())
    }

    /// What it has done so far.
    pub fn counts(&self) -> RelayCounts {
        *lock(&self.counts)
    }
}

/// Whether the message is at fault, and no other broker, connection or time would help.
const fn is_final(error: &BrokerError) -> bool {
    matches!(
        error,
        BrokerError::TooLarge
            | BrokerError::NoTopic(_)
            | BrokerError::Invalid(_)
            | BrokerError::Unsupported(_)
    )
}

fn add(parcels: &mut Vec<Parcel>, to: Partition, key: Key, message: Message) {
    match parcels.iter_mut().find(|(other, _)| *other == to) {
        Some((_, rows)) => rows.push((key, message)),
        None => parcels.push((to, vec![(key, message)])),
    }
}
