use cascadia_patterns::messaging::{
    Acks, Batch, BrokerError, DeliveryId, Group, Partition, ProducerIdentity, Settle, Settled,
    Start,
};

use super::hosted::Cause;
use super::life::{Alive, Owed};
use crate::broker::kept::Kept;
use crate::broker::words::{Answer, Ask, Asked, Reply, Word};
use crate::component::{Life, PlaceId};

/// Nobody can be served yet.
pub(super) fn refuse(life: &Life, from: PlaceId, ask: Ask) {
    if let Some(number) = ask.number {
        let starting = BrokerError::Unavailable("it is starting".to_owned());
        life.accept(from).send(Word::Answer(number, Err(starting)));
    }
}

impl Alive {
    /// Somebody asks something.
    pub(super) fn ask(&mut self, from: PlaceId, ask: Ask, kept: &mut Kept) {
        let Ask { life, number, what } = ask;
        let connect = || self.life.accept(from);
        let Some(left) = self.clients.meet(from, life, connect) else { return };
        for attached in left {
            self.detached(&attached);
        }
        let answer = match what {
            Asked::Publish(batch) => self.take_batch(from, number, batch),
            Asked::Settle(ids, settle) => {
                return self.settle_all(from, number, &ids, &settle, kept);
            }
            Asked::Seek(group, partition, to) => self.seek(from, number, (&group, partition), to),
            Asked::Identify => Some(Ok(Reply::Identity(self.identity()))),
            Asked::Member(asked) => Some(self.member(from, asked)),
            Asked::Lag(group, partition) => Some(self.lag(&group, partition)),
            Asked::View => {
                let view = self.quorum.as_ref().map(|quorum| quorum.metadata.view());
                Some(Ok(view.map_or(Reply::Unknown, Reply::View)))
            }
            Asked::Attach(feed, subscription, credit) => {
                Some(self.attach(from, feed, &subscription, credit))
            }
            Asked::Beat(feed) => Some(Ok(self.beat(from, feed))),
            Asked::Seat(said, seats) => {
                self.seat(from, said, &seats);
                Some(Ok(Reply::Done))
            }
            Asked::Credit(said, most) => {
                self.credit(from, said, most);
                Some(Ok(Reply::Done))
            }
            Asked::Detach(feed) => {
                self.detach(from, feed);
                Some(Ok(Reply::Done))
            }
        };
        if let Some(answer) = answer {
            self.answer(from, number, answer);
        }
    }

    /// A batch is to be published. It is answered when it is, unless it cannot be.
    fn take_batch(&mut self, from: PlaceId, number: Option<u64>, batch: Batch) -> Option<Answer> {
        let Some(at) = self.find(&batch.to) else { return Some(Err(self.missing(batch.to))) };
        if batch.acks == Acks::All && !self.has_enough(at) {
            self.figures.refused += 1;
            let few = "too few replicas are in sync".to_owned();
            return Some(Err(BrokerError::Unavailable(few)));
        }
        if let Some(why) = &self.trouble {
            return Some(Err(BrokerError::Unavailable(why.clone())));
        }
        let owed = match (batch.acks, number) {
            (Acks::None, _) | (_, None) => Owed::Nobody,
            (_, Some(number)) => Owed::To(from, number),
        };
        self.publish(at, batch, owed);
        None
    }

    /// A producer gets an identity that nobody else has.
    fn identity(&mut self) -> ProducerIdentity {
        self.producers += 1;
        let life = self.life.incarnation();
        ProducerIdentity { id: (self.own as u64) << 56 | life << 32 | self.producers, epoch: 0 }
    }

    /// A group goes on elsewhere in a partition. It is answered when it does, unless it cannot.
    fn seek(
        &mut self,
        from: PlaceId,
        number: Option<u64>,
        (group, partition): (&Group, Partition),
        to: Start,
    ) -> Option<Answer> {
        let found = self.find(&partition);
        let found = found.and_then(|at| Some((at, self.hosted[at].core.reader(group)?)));
        let Some((at, reader)) = found else { return Some(Err(self.missing(partition))) };
        let owed = number.map_or(Owed::Nobody, |number| Owed::To(from, number));
        let (now, ticket) = (self.now(), self.owe(at, owed));
        self.hosted[at].core.seek(now, ticket, reader, to);
        self.touched.insert(at);
        None
    }

    fn lag(&mut self, group: &Group, partition: Partition) -> Answer {
        let (now, at) = (self.now(), self.find(&partition));
        let lag = at.and_then(|at| {
            let core = &self.hosted[at].core;
            Some(core.lag(now, core.reader(group)?))
        });
        lag.map(Reply::Lag).ok_or_else(|| self.missing(partition))
    }

    pub(super) fn answer(&self, to: PlaceId, number: Option<u64>, answer: Answer) {
        if let (Some(number), Some(client)) = (number, self.clients.client(to)) {
            client.connection.send(Word::Answer(number, answer));
        }
    }

    /// Settles deliveries of one partition after the other; all are of this place.
    fn settle_all(
        &mut self,
        from: PlaceId,
        number: Option<u64>,
        ids: &[DeliveryId],
        settle: &Settle,
        kept: &mut Kept,
    ) {
        let now = self.now();
        let mut rest = ids;
        while let Some(first) = rest.first() {
            let count = rest.iter().take_while(|id| id.source == first.source).count();
            let (these, others) = rest.split_at(count);
            rest = others;
            // Who asks for several partitions is answered by the last.
            let owed = match number {
                Some(number) if rest.is_empty() => Owed::To(from, number),
                _ => Owed::Nobody,
            };
            let at = self.find(&first.source.partition);
            let reader = at.and_then(|at| self.hosted[at].core.reader(&first.source.group));
            let (Some(at), Some(reader)) = (at, reader) else {
                let answer = match self.missing(first.source.partition.clone()) {
                    BrokerError::NoTopic(_) => {
                        Ok(Reply::Settled(vec![Settled::Stale; these.len()]))
                    }
                    elsewhere => Err(elsewhere),
                };
                if let Owed::To(to, number) = owed {
                    self.answer(to, Some(number), answer);
                }
                continue;
            };
            let mut pairs = std::mem::take(&mut self.pairs);
            pairs.extend(these.iter().map(|id| (id.offset, id.token)));
            let ticket = self.owe(at, owed);
            self.write_down(at, Cause::Other, kept);
            self.hosted[at].core.settle(now, ticket, reader, &pairs, settle);
            pairs.clear();
            self.pairs = pairs;
            let cause = match settle {
                Settle::Ack | Settle::AckThrough => Cause::Acknowledgement,
                _ => Cause::Other,
            };
            self.write_down(at, cause, kept);
            self.touched.insert(at);
        }
    }

    /// What became of a batch or of something else that was asked.
    pub(super) fn pay(&mut self, ticket: u64, answer: Answer) {
        let Some((_, owed)) = self.owed.try_remove(ticket as usize) else { return };
        match owed {
            Owed::To(to, number) => self.answer(to, Some(number), answer),
            Owed::Nobody => {}
            Owed::Letter(letter) => self.buried(letter, answer.is_ok()),
        }
    }
}
