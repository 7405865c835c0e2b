use cascadia_patterns::messaging::{BrokerError, DeliveryId, Settle, Settled};
use lapin::options::{BasicAckOptions, BasicQosOptions, BasicRejectOptions};

use crate::feeding::{AGAIN, Handle};
use crate::server::Server;

impl Server {
    /// What is late, or of a channel that is closed, was given back.
    pub(crate) async fn settle(
        &self,
        id: &DeliveryId,
        settle: &Settle,
    ) -> Result<Settled, BrokerError> {
        let number = id.token.number;
        let Some(station) = self.stations.find(id) else { return Ok(Settled::Gone) };
        let Some(held) = station.held(number) else { return Ok(Settled::Gone) };
        let Handle { channel, tag } = held.handle;
        if held.is_late || !channel.status().connected() {
            station.conclude(number);
            return Ok(Settled::Stale);
        }
        let said = match settle {
            Settle::Working => {
                station.extend(number);
                return Ok(Settled::Done);
            }
            Settle::Ack => channel.basic_ack(tag, BasicAckOptions::default()).await,
            Settle::Dead(_) => {
                channel.basic_reject(tag, BasicRejectOptions { requeue: false }).await
            }
            _ => channel.basic_nack(tag, AGAIN).await,
        };
        let unknown = |error: lapin::Error| BrokerError::Unknown(error.to_string());
        said.map_err(unknown)?;
        let credit = channel.status().qos().prefetch_count.unwrap_or(1);
        // Nothing of this is answered; what is asked behind it is.
        let heard = channel.basic_qos(credit, BasicQosOptions::default());
        heard.await.map_err(unknown)?;
        station.conclude(number);
        Ok(Settled::Done)
    }
}
