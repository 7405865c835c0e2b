use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use cascadia_runtime::Time;

use super::decision::{Decision, Verdict};
use crate::messaging::conclusion::{Conclusion, End};
use crate::messaging::delivery::Source;
use crate::messaging::error::BrokerError;
use crate::messaging::identity::ProducerIdentity;
use crate::messaging::ids::{Offset, Partition};

/// How long a transaction may take (Kafka `transaction.timeout.ms`).
pub const TRANSACTION_TIMEOUT: Duration = Duration::from_secs(60);

/// The transactions that are open, and those that are about to end.
///
/// - *Events*: [`on_batch`](Self::on_batch), [`conclude`](Self::conclude), [`on_ended`](Self::on_ended),
///   [`fence`](Self::fence), and [`on_tick`](Self::on_tick), which is due at
///   [`next_deadline`](Self::next_deadline).
/// - *Output*: decisions, which are to be made durable before anything is done about them.
#[derive(Debug)]
pub struct TransactionCore {
    timeout: Duration,
    producers: BTreeMap<u64, Producer>,
}

#[derive(Debug)]
struct Producer {
    epoch: u32,
    phase: Phase,
}

#[derive(Debug)]
enum Phase {
    /// It has none; how the last one has ended.
    Idle(Option<Conclusion>),
    Open {
        partitions: BTreeSet<Partition>,
        until: Time,
    },
    Ending(Option<Conclusion>),
    /// It was aborted without being asked. Until the producer has said that it knows, nothing of it counts, or half a
    /// transaction would be taken for a whole one.
    Aborted,
}

impl TransactionCore {
    /// One without transactions, that ends those that take longer than `timeout`.
    pub fn new(timeout: Duration) -> Self {
        Self { timeout, producers: BTreeMap::new() }
    }

    /// A producer is known from an earlier life, in which it may have had a transaction: that is aborted.
    pub fn restore(&mut self, producer: ProducerIdentity) {
        self.producers
            .insert(producer.id, Producer { epoch: producer.epoch, phase: Phase::Aborted });
    }

    /// A producer begins anew with this identity: what an earlier one has open is to be aborted, and that one is
    /// refused from now on.
    pub fn fence(&mut self, producer: ProducerIdentity) -> Option<Decision> {
        let partitions = match self.producers.get_mut(&producer.id).map(|known| &mut known.phase) {
            Some(Phase::Open { partitions, .. }) => Some(std::mem::take(partitions)),
            _ => None,
        };
        let is_ending = self
            .producers
            .get(&producer.id)
            .is_some_and(|known| matches!(known.phase, Phase::Ending(_)));
        let phase = match partitions.is_some() || is_ending {
            true => Phase::Ending(None),
            false => Phase::Idle(None),
        };
        self.producers.insert(producer.id, Producer { epoch: producer.epoch, phase });
        let acks = BTreeMap::new();
        Some(Decision { producer, commit: false, partitions: partitions?, acks })
    }

    fn known(&mut self, producer: ProducerIdentity) -> Result<&mut Producer, BrokerError> {
        let new = || Producer { epoch: producer.epoch, phase: Phase::Idle(None) };
        let known = self.producers.entry(producer.id).or_insert_with(new);
        if producer.epoch == known.epoch { Ok(known) } else { Err(BrokerError::Fenced) }
    }

    /// A batch of a transaction comes, which begins with the first one.
    ///
    /// # Errors
    ///
    /// When it must not be published.
    pub fn on_batch(
        &mut self,
        now: Time,
        producer: ProducerIdentity,
        to: &Partition,
    ) -> Result<(), BrokerError> {
        let until = now + self.timeout;
        let known = self.known(producer)?;
        match &mut known.phase {
            Phase::Idle(_) => {
                let partitions = BTreeSet::from([to.clone()]);
                known.phase = Phase::Open { partitions, until };
                Ok(())
            }
            Phase::Open { partitions, .. } => {
                if !partitions.contains(to) {
                    partitions.insert(to.clone());
                }
                Ok(())
            }
            Phase::Ending(_) => Err(BrokerError::Unavailable("the last one is ending".into())),
            Phase::Aborted => Err(BrokerError::NoTransaction),
        }
    }

    /// A transaction is to end. Of a commit, the deliveries are held already.
    ///
    /// # Errors
    ///
    /// When there is none, or it is on its way to end otherwise.
    pub fn conclude(&mut self, conclusion: &Conclusion) -> Result<Verdict, BrokerError> {
        let producer = conclusion.producer;
        let known = self.known(producer)?;
        let commit = matches!(conclusion.end, End::Commit(_));
        let partitions = match &mut known.phase {
            Phase::Idle(Some(last)) if last == conclusion => return Ok(Verdict::Already),
            Phase::Idle(_) => BTreeSet::new(),
            Phase::Open { partitions, .. } => std::mem::take(partitions),
            Phase::Ending(_) => {
                return Err(BrokerError::Unavailable("it is ending already".into()));
            }
            Phase::Aborted if commit => return Err(BrokerError::NoTransaction),
            Phase::Aborted => {
                known.phase = Phase::Idle(Some(conclusion.clone()));
                return Ok(Verdict::Already);
            }
        };
        known.phase = Phase::Ending(Some(conclusion.clone()));
        let mut acks = BTreeMap::<Source, Vec<Offset>>::new();
        if let End::Commit(ids) = &conclusion.end {
            for id in ids {
                acks.entry((*id.source).clone()).or_default().push(id.offset);
            }
        }
        Ok(Verdict::Decided(Decision { producer, commit, partitions, acks }))
    }

    /// Whether an end that is asked for has happened already.
    pub fn has_concluded(&self, conclusion: &Conclusion) -> bool {
        let known = self.producers.get(&conclusion.producer.id);
        known.is_some_and(
            |known| matches!(&known.phase, Phase::Idle(Some(last)) if last == conclusion),
        )
    }

    /// A decision is carried out, everywhere and for good.
    pub fn on_ended(&mut self, producer: ProducerIdentity) {
        if let Some(known) = self.producers.get_mut(&producer.id)
            && let Phase::Ending(conclusion) = &mut known.phase
        {
            let conclusion = conclusion.take();
            known.phase = match conclusion {
                Some(conclusion) => Phase::Idle(Some(conclusion)),
                None => Phase::Idle(None),
            };
        }
    }

    /// When the first transaction takes too long.
    pub fn next_deadline(&self) -> Time {
        let open = self.producers.values().filter_map(|producer| match producer.phase {
            Phase::Open { until, .. } => Some(until),
            _ => None,
        });
        open.min().unwrap_or(Time::MAX)
    }

    /// The transactions that have taken too long, which are to be aborted.
    pub fn on_tick(&mut self, now: Time) -> Vec<Decision> {
        let mut decisions = Vec::new();
        for (id, known) in &mut self.producers {
            let Phase::Open { partitions, until } = &mut known.phase else { continue };
            if *until <= now {
                let producer = ProducerIdentity { id: *id, epoch: known.epoch };
                let (partitions, acks) = (std::mem::take(partitions), BTreeMap::new());
                decisions.push(Decision { producer, commit: false, partitions, acks });
                known.phase = Phase::Aborted;
            }
        }
        decisions
    }
}
