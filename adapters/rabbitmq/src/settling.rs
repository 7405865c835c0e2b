use std::sync::Arc;

use cascadia_brokers::Station;
use cascadia_patterns::messaging::{BrokerError, DeliveryId, Settle, Settled};
use lapin::Channel;
use lapin::options::{BasicAckOptions, BasicQosOptions, BasicRejectOptions};

use crate::feeding::{AGAIN, Handle};
use crate::server::Server;

/// What a settlement has come to.
enum Said {
    /// It is known what became of it.
    Known(Settled),
    /// The server was told, over this channel.
    Told(Channel, Arc<Station<Handle>>),
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
    ) -> Result<Vec<Settled>, BrokerError> {
        let (mut settled, mut told) = (Vec::with_capacity(ids.len()), Vec::new());
        let mut channels: Vec<Channel> = Vec::new();
        for id in ids {
            settled.push(match self.say(id, settle).await? {
                Said::Known(settled) => settled,
                Said::Told(channel, station) => {
                    told.push((station, id.token.number));
                    if channels.iter().all(|other| other.id() != channel.id()) {
                        channels.push(channel);
                    }
                    Settled::Done
                }
            });
        }
        for channel in channels {
            let credit = channel.status().qos().prefetch_count.unwrap_or(1);
            // Nothing of what was told is answered; this is.
            channel.basic_qos(credit, BasicQosOptions::default()).await.map_err(unknown)?;
        }
        told.iter().for_each(|(station, number)| station.conclude([*number]));
        Ok(settled)
    }

    /// What is late, or of a channel that is closed, was given back.
    async fn say(&self, id: &DeliveryId, settle: &Settle) -> Result<Said, BrokerError> {
        let number = id.token.number;
        let Some(station) = self.stations.find(id) else { return Ok(Said::Known(Settled::Gone)) };
        let Some(held) = station.held(number) else { return Ok(Said::Known(Settled::Gone)) };
        let Handle { channel, tag } = held.handle;
        if held.is_late || !channel.status().connected() {
            station.conclude([number]);
            return Ok(Said::Known(Settled::Stale));
        }
        let said = match settle {
            Settle::Working => {
                station.extend(number);
                return Ok(Said::Known(Settled::Done));
            }
            Settle::Ack => channel.basic_ack(tag, BasicAckOptions::default()).await,
            Settle::Dead(_) => {
                channel.basic_reject(tag, BasicRejectOptions { requeue: false }).await
            }
            _ => channel.basic_nack(tag, AGAIN).await,
        };
        said.map_err(unknown)?;
        Ok(Said::Told(channel, station))
    }
}
