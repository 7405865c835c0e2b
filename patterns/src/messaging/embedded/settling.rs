use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::oneshot;

use super::answer::Answer;
use super::state::State;
use crate::messaging::delivery::{DeliveryId, Source, Token};
use crate::messaging::error::BrokerError;
use crate::messaging::ids::{Group, Offset, Partition};
use crate::messaging::lag::Lag;
use crate::messaging::partition::{Now, Ticket};
use crate::messaging::settle::{Settle, Settled};
use crate::messaging::start::Start;

/// Deliveries of one source, with where they were among all.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) ids: Vec<(Offset, Token)>,
    pub(super) places: Vec<usize>,
}

/// Deliveries by where they come from.
pub(super) fn by_source(ids: &[DeliveryId]) -> BTreeMap<Arc<Source>, Part> {
    let mut parts = BTreeMap::<_, Part>::new();
    for (place, id) in ids.iter().enumerate() {
        let part = parts.entry(Arc::clone(&id.source)).or_default();
        part.ids.push((id.offset, id.token));
        part.places.push(place);
    }
    parts
}

impl State {
    /// Asks the partition of a source; nothing where there is none any more.
    pub(super) fn settle(
        &mut self,
        now: Now,
        source: &Source,
        part: &Part,
        settle: &Settle,
    ) -> Option<oneshot::Receiver<Vec<Settled>>> {
        let place = self.place(&source.partition).ok()?;
        let reader = self.core(place)?.reader(&source.group)?;
        let (sender, answer) = oneshot::channel();
        let ticket = self.ask(Answer::Settled(sender));
        self.core(place)?.settle(now, ticket, reader, &part.ids, settle);
        Some(answer)
    }

    /// Has a group read on from another place. Whoever waits for it waits until that is durable.
    pub(super) fn seek(
        &mut self,
        now: Now,
        group: &Group,
        partition: &Partition,
        to: Start,
    ) -> Result<(), BrokerError> {
        let place = self.place(partition)?;
        let ticket = Ticket(self.number());
        if let Some(core) = self.core(place)
            && let Some(reader) = core.reader(group)
        {
            core.seek(now, ticket, reader, to);
        }
        Ok(())
    }

    pub(super) fn lag(
        &mut self,
        now: Now,
        group: &Group,
        partition: &Partition,
    ) -> Result<Lag, BrokerError> {
        let place = self.place(partition)?;
        let lag = self.core(place).and_then(|core| {
            let reader = core.reader(group)?;
            Some(core.lag(now, reader))
        });
        Ok(lag.unwrap_or_default())
    }
}
