use std::collections::BTreeMap;
use std::sync::Arc;

use super::settling::by_source;
use super::state::State;
use crate::messaging::codec;
use crate::messaging::conclusion::{Conclusion, End};
use crate::messaging::delivery::{DeliveryId, Source};
use crate::messaging::error::BrokerError;
use crate::messaging::identity::ProducerIdentity;
use crate::messaging::ids::{Offset, TransactionalId};
use crate::messaging::partition::{Now, Ticket};
use crate::messaging::transaction::{Decision, Verdict};

/// Deliveries that are kept for a transaction.
type Held = Vec<(Arc<Source>, Vec<Offset>)>;

impl State {
    /// The next identity of a name, and what is to be aborted for it.
    pub(super) fn identify(
        &mut self,
        name: &TransactionalId,
    ) -> Result<(ProducerIdentity, Option<Decision>), BrokerError> {
        let known = self.names.get(name).and_then(|known| {
            Some(ProducerIdentity { id: known.id, epoch: known.epoch.checked_add(1)? })
        });
        let producer = match known {
            Some(producer) => producer,
            None => self.new_producer()?,
        };
        self.names.insert(name.clone(), producer);
        let row = codec::encode_identity(producer);
        self.beside.writes.insert(self.rows.producer(name), Some(row));
        let abort = self.transactions.fence(producer);
        Ok((producer, abort))
    }

    /// Decides how a transaction ends; nothing is to be done where it has ended so already.
    pub(super) fn decide(
        &mut self,
        now: Now,
        conclusion: &Conclusion,
    ) -> Result<Option<Decision>, BrokerError> {
        self.check_producer(conclusion.producer)?;
        if self.transactions.has_concluded(conclusion) {
            return Ok(None);
        }
        let held = match &conclusion.end {
            End::Commit(ids) => self.hold(now, ids),
            End::Abort => Ok(Vec::new()),
        };
        let asked = match &held {
            Ok(_) => conclusion.clone(),
            // Somebody else has, or will have, one of the messages: what was made of them must not be there.
            Err(_) => Conclusion { producer: conclusion.producer, end: End::Abort },
        };
        match self.transactions.conclude(&asked) {
            Ok(Verdict::Decided(decision)) => Ok(Some(decision)),
            Ok(Verdict::Already) => held.map(|_| None),
            Err(error) => {
                for (source, offsets) in held.into_iter().flatten() {
                    self.finish_held(now, &source, &offsets, false);
                }
                Err(error)
            }
        }
    }

    /// Keeps all these deliveries, or none.
    fn hold(&mut self, now: Now, ids: &[DeliveryId]) -> Result<Held, BrokerError> {
        let mut held = Held::new();
        for (source, part) in by_source(ids) {
            let place = self.place(&source.partition).ok();
            let core = place.and_then(|place| self.core(place));
            let is_held = core.is_some_and(|core| {
                let reader = core.reader(&source.group);
                reader.is_some_and(|reader| core.hold(now, reader, &part.ids))
            });
            if !is_held {
                for (source, offsets) in held {
                    self.finish_held(now, &source, &offsets, false);
                }
                return Err(BrokerError::Fenced);
            }
            held.push((source, part.ids.into_iter().map(|(offset, _)| offset).collect()));
        }
        Ok(held)
    }

    fn finish_held(&mut self, now: Now, source: &Source, offsets: &[Offset], commit: bool) {
        let ticket = Ticket(self.number());
        if let Ok(place) = self.place(&source.partition)
            && let Some(core) = self.core(place)
            && let Some(reader) = core.reader(&source.group)
        {
            core.finish_held(now, ticket, reader, offsets, commit);
        }
    }

    pub(super) fn write_decision(&mut self, decision: &Decision) {
        let key = self.rows.decision(decision.producer.id);
        self.beside.writes.insert(key, Some(codec::encode_decision(decision)));
    }

    /// Does what was decided, once that is durable.
    pub(super) fn carry_out(&mut self, now: Now, decision: &Decision) {
        for partition in &decision.partitions {
            let ticket = Ticket(self.number());
            if let Ok(place) = self.place(partition)
                && let Some(core) = self.core(place)
            {
                core.end(now, ticket, decision.producer, decision.commit);
            }
        }
        for (source, offsets) in &decision.acks {
            self.finish_held(now, source, offsets, decision.commit);
        }
    }

    /// What was decided is done, for good.
    pub(super) fn forget(&mut self, decision: &Decision) {
        self.transactions.on_ended(decision.producer);
        self.beside.writes.insert(self.rows.decision(decision.producer.id), None);
    }

    /// Nobody will go on with what is open from an earlier life.
    pub(super) fn abort_all(&mut self, now: Now) {
        let places: Vec<_> = self.hosted.keys().copied().collect();
        for place in places {
            let Some((_, core)) = self.partition(place) else { continue };
            for id in core.transactions() {
                let ticket = Ticket(self.number());
                if let Some(core) = self.core(place) {
                    core.end(now, ticket, ProducerIdentity { id, epoch: 0 }, false);
                }
            }
        }
    }

    pub(super) fn names_from(&mut self, names: BTreeMap<TransactionalId, ProducerIdentity>) {
        names.values().for_each(|producer| self.transactions.restore(*producer));
        self.names = names;
    }
}
