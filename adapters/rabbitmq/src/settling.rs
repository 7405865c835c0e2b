use std::collections::BTreeMap;
use std::sync::Arc;

use cascadia_brokers::Station;
use cascadia_patterns::messaging::{BrokerError, DeliveryId, Settle, Settled};
use lapin::options::{BasicAckOptions, BasicQosOptions};
use lapin::{Channel, Result};

use crate::feeding::{AGAIN, GONE};
use crate::server::Server;
use crate::taking::Handle;

/// What is settled of one feed, in the order in which it was delivered: by its number, its tag.
struct Part {
    station: Arc<Station<Handle>>,
    channel: Arc<Channel>,
    tags: BTreeMap<u64, u64>,
}

fn unknown(error: lapin::Error) -> BrokerError {
    BrokerError::Unknown(error.to_string())
}

impl Server {
    /// All are told one after another, and what is asked behind them is answered when they are heard.
    pub(crate) async fn settle(
        &self,
        ids: &[DeliveryId],
        settle: &Settle,
    ) -> std::result::Result<Vec<Settled>, BrokerError> {
        let mut parts = BTreeMap::new();
        let settled = ids.iter().map(|id| self.sort(id, settle, &mut parts)).collect();
        for part in parts.values() {
            part.tell(settle).await.map_err(unknown)?;
        }
        for Part { station, channel, tags } in parts.into_values() {
            let credit = channel.status().qos().prefetch_count.unwrap_or(1);
            // Nothing of what was told is answered; this is.
            channel.basic_qos(credit, BasicQosOptions::default()).await.map_err(unknown)?;
            station.conclude(tags.into_keys());
        }
        Ok(settled)
    }

    /// What becomes of a delivery, which is put to the others of its feed where its server is to be told. What is late, or of a
    /// channel that is closed, was given back.
    fn sort(&self, id: &DeliveryId, settle: &Settle, parts: &mut BTreeMap<u64, Part>) -> Settled {
        let number = id.token.number;
        let Some(station) = self.stations.find(id) else { return Settled::Gone };
        let Some(held) = station.held(number) else { return Settled::Gone };
        let Handle { channel, tag } = held.handle;
        if held.is_late || !channel.status().connected() {
            return Settled::Stale;
        }
        if *settle == Settle::Working {
            station.extend(number);
            return Settled::Done;
        }
        let part = parts.entry(station.term());
        let part = part.or_insert_with(|| Part { station, channel, tags: BTreeMap::new() });
        match part.tags.insert(number, tag) {
            None => Settled::Done,
            Some(_) => Settled::Gone,
        }
    }
}

impl Part {
    async fn tell(&self, settle: &Settle) -> Result<()> {
        let Self { station, channel, tags } = self;
        let last = tags.last_key_value().filter(|_| *settle == Settle::Ack);
        if let Some((last, tag)) = last
            && station.is_all_until(*last, tags.len())
        {
            return channel.basic_ack(*tag, BasicAckOptions { multiple: true }).await;
        }
        for tag in tags.values().copied() {
            match settle {
                Settle::Ack => channel.basic_ack(tag, BasicAckOptions::default()).await,
                Settle::Dead(_) => channel.basic_reject(tag, GONE).await,
                _ => channel.basic_nack(tag, AGAIN).await,
            }?;
        }
        Ok(())
    }
}
