use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::task::Waker;

use cascadia_runtime::{Time, Wall};

use crate::messaging::{
    AckMode, Batch, BrokerError, Delivery, DeliveryId, Group, KeyOrder, Message, Numbered, Offset,
    Partition, ProducerIdentity, Receipt, Sequence, Settle, Settled, Source, Subscription, Token,
    Topic, header,
};

/// All that the broker has.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) topics: BTreeMap<Topic, u32>,
    pub(super) logs: BTreeMap<Partition, Vec<(Arc<Message>, Wall)>>,
    pub(super) groups: BTreeMap<Group, BTreeMap<Partition, Cursor>>,
    producers: BTreeMap<(u64, Partition), Known>,
    pub(super) names: BTreeMap<String, ProducerIdentity>,
    pub(super) next: u64,
    pub(super) wakers: Vec<Waker>,
    /// What was settled how, in order.
    pub(super) settled: Vec<(DeliveryId, Settle, Settled)>,
}

#[derive(Debug)]
struct Known {
    epoch: u32,
    next: Sequence,
    last: VecDeque<(Sequence, u32, Offset)>,
}

/// How far a group is in a partition.
#[derive(Debug, Default)]
pub(super) struct Cursor {
    next: usize,
    /// What comes again, with how often it was delivered and from when on.
    ready: BTreeMap<Offset, (u32, Time)>,
    flying: BTreeMap<Token, (Offset, u32, Time)>,
    pub(super) done: Vec<Offset>,
}

impl State {
    pub(super) fn publish(&mut self, batch: &Batch, now: Wall) -> Result<Receipt, BrokerError> {
        let Some(log) = self.logs.get_mut(&batch.to) else {
            return Err(BrokerError::NoTopic(batch.to.topic.clone()));
        };
        if batch.messages.iter().any(|message| message.size() > 1_000) {
            return Err(BrokerError::TooLarge);
        }
        let added = batch.messages.len() as u32;
        let first = Offset(log.len() as u64);
        if let Some(Numbered { producer, first: number }) = batch.numbered {
            let known =
                self.producers.entry((producer.id, batch.to.clone())).or_insert_with(|| Known {
                    epoch: producer.epoch,
                    next: number,
                    last: VecDeque::new(),
                });
            if producer.epoch < known.epoch {
                return Err(BrokerError::Fenced);
            }
            if producer.epoch > known.epoch {
                *known =
                    Known { epoch: producer.epoch, next: Sequence::ZERO, last: VecDeque::new() };
            }
            if let Some((.., at)) = known.last.iter().find(|it| (it.0, it.1) == (number, added)) {
                return Ok(Receipt { first: Some(*at), duplicates: added, ..Receipt::default() });
            }
            if number != known.next {
                return Err(BrokerError::OutOfSequence { expected: known.next });
            }
            known.next = number.after(added);
            known.last.push_back((number, added, first));
            if known.last.len() > 5 {
                known.last.pop_front();
            }
        }
        log.extend(batch.messages.iter().map(|message| (Arc::clone(message), now)));
        self.wake();
        Ok(Receipt { first: Some(first), added, ..Receipt::default() })
    }

    pub(super) fn wake(&mut self) {
        self.wakers.drain(..).for_each(Waker::wake);
    }

    pub(super) fn join(&mut self, subscription: &Subscription, from_start: bool) {
        let group = self.groups.entry(subscription.group.clone()).or_default();
        for (partition, log) in &self.logs {
            if subscription.topics.contains(&partition.topic) {
                let next = if from_start { 0 } else { log.len() };
                let fresh = || Cursor { next, ..Cursor::default() };
                group.entry(partition.clone()).or_insert_with(fresh);
            }
        }
    }

    /// The next message for one of a group, and otherwise when there may be one again.
    pub(super) fn deliver(
        &mut self,
        now: Time,
        subscription: &Subscription,
    ) -> Result<Delivery, Time> {
        let Self { groups, logs, next, .. } = self;
        let cursors = groups.get_mut(&subscription.group).expect("it has joined");
        let mut until = Time::MAX;
        for (partition, cursor) in cursors.iter_mut() {
            cursor.expire(now, subscription);
            let log = &logs[partition];
            let found = cursor.find(now, log, subscription.key_order);
            if let Some((offset, attempt)) = found {
                *next += 1;
                let token = Token { term: 1, number: *next };
                match subscription.ack {
                    AckMode::OnDelivery => cursor.done.push(offset),
                    AckMode::Explicit => {
                        let until = now + subscription.ack_wait;
                        cursor.flying.insert(token, (offset, attempt, until));
                    }
                }
                let group = subscription.group.clone();
                let source = Arc::new(Source { partition: partition.clone(), group });
                let (message, published) = log[offset.0 as usize].clone();
                let id = DeliveryId { source, offset, token };
                return Ok(Delivery { id, message, attempt, published });
            }
            let rests = cursor.ready.values().map(|(_, at)| *at).filter(|at| *at > now);
            let flies = cursor.flying.values().map(|(.., at)| *at);
            until = rests.chain(flies).fold(until, Time::min);
        }
        Err(until)
    }

    pub(super) fn settle(
        &mut self,
        now: (Time, Wall),
        subscription: &Subscription,
        id: &DeliveryId,
        settle: &Settle,
    ) -> Settled {
        let cursors = self.groups.get_mut(&id.source.group).expect("it has joined");
        let cursor = cursors.get_mut(&id.source.partition).expect("it is delivered");
        cursor.expire(now.0, subscription);
        let settled = match cursor.flying.remove(&id.token) {
            None if cursor.done.contains(&id.offset) => Settled::Gone,
            None if *settle == Settle::Ack => {
                cursor.ready.remove(&id.offset);
                cursor.flying.retain(|_, (offset, ..)| *offset != id.offset);
                cursor.done.push(id.offset);
                Settled::Late
            }
            None => Settled::Stale,
            Some((offset, attempt, _)) => {
                let rest = match settle {
                    Settle::Ack | Settle::AckThrough => {
                        cursor.done.push(offset);
                        None
                    }
                    Settle::Working => {
                        let until = now.0 + subscription.ack_wait;
                        cursor.flying.insert(id.token, (offset, attempt, until));
                        None
                    }
                    Settle::Requeue => Some(now.0),
                    Settle::RequeueAfter(rest) => Some(now.0 + *rest),
                    Settle::Dead(reason) => {
                        cursor.done.push(offset);
                        let message =
                            Arc::clone(&self.logs[&id.source.partition][offset.0 as usize].0);
                        self.bury(subscription, &message, reason, now.1);
                        None
                    }
                };
                if let Some(at) = rest {
                    let spent = subscription.attempts.is_some_and(|most| attempt >= most);
                    let cursors = self.groups.get_mut(&id.source.group).expect("it has joined");
                    let cursor = cursors.get_mut(&id.source.partition).expect("it is there");
                    if spent {
                        cursor.done.push(offset);
                        let message =
                            Arc::clone(&self.logs[&id.source.partition][offset.0 as usize].0);
                        self.bury(subscription, &message, "attempts", now.1);
                    } else {
                        cursor.ready.insert(offset, (attempt, at));
                    }
                }
                Settled::Done
            }
        };
        self.settled.push((id.clone(), settle.clone(), settled));
        self.wake();
        settled
    }

    fn bury(&mut self, subscription: &Subscription, message: &Message, why: &str, now: Wall) {
        let Some(dead) = &subscription.dead_letter else { return };
        let message = message.clone().header(header::DEAD_REASON, why);
        let log = self.logs.get_mut(&Partition::from(dead.clone())).expect("it is declared");
        log.push((Arc::new(message), now));
    }

    /// A member is gone, with all that its group has under way.
    pub(super) fn leave(&mut self, subscription: &Subscription, tokens: &[DeliveryId]) {
        let cursors = self.groups.get_mut(&subscription.group).expect("it has joined");
        for id in tokens {
            let cursor = cursors.get_mut(&id.source.partition).expect("it is delivered");
            if let Some((offset, attempt, _)) = cursor.flying.remove(&id.token) {
                cursor.ready.insert(offset, (attempt, Time::ZERO));
            }
        }
        self.wake();
    }
}

impl Cursor {
    fn expire(&mut self, now: Time, subscription: &Subscription) {
        let over: Vec<_> = self
            .flying
            .iter()
            .filter(|(_, (.., at))| *at <= now)
            .map(|(token, _)| *token)
            .collect();
        for token in over {
            let (offset, attempt, at) = self.flying.remove(&token).expect("it flies");
            self.ready.insert(offset, (attempt, at + subscription.backoff.after(attempt)));
        }
    }

    fn find(
        &mut self,
        now: Time,
        log: &[(Arc<Message>, Wall)],
        order: KeyOrder,
    ) -> Option<(Offset, u32)> {
        let key = |offset: Offset| log[offset.0 as usize].0.key.as_ref();
        let ready = self.ready.iter().find(|(offset, (_, at))| {
            let mut before = self.flying.values().map(|(it, ..)| it).chain(self.ready.keys());
            let blocks =
                |it: &Offset| it < *offset && key(*it).is_some() && key(*it) == key(**offset);
            *at <= now && (order == KeyOrder::Free || !before.any(blocks))
        });
        if let Some((offset, (attempt, _))) = ready.map(|(offset, it)| (*offset, *it)) {
            self.ready.remove(&offset);
            return Some((offset, attempt + 1));
        }
        while self.next < log.len() {
            let offset = Offset(self.next as u64);
            let mut before = self.flying.values().map(|(it, ..)| it).chain(self.ready.keys());
            self.next += 1;
            if order == KeyOrder::Parked
                && before.any(|it| key(*it).is_some() && key(*it) == key(offset))
            {
                self.ready.insert(offset, (0, Time::ZERO));
                continue;
            }
            return Some((offset, 1));
        }
        None
    }
}
