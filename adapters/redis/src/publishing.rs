use cascadia_brokers::need_none;
use cascadia_patterns::messaging::{Acks, Batch, BrokerError, Receipt, Topic};
use redis::{Pipeline, cmd};

use crate::entry::{fields, offset};
use crate::error::unknown;
use crate::server::Server;

/// It runs within a transaction, which would fail where the server is only told the name of a script that it has forgotten.
const TRIM: &str = include_str!("scripts/trim.lua");

impl Server {
    pub(crate) async fn publish(&self, batch: Batch) -> Result<Receipt, BrokerError> {
        need_none(self.can(), &batch)?;
        let topic = batch.to.topic.clone();
        if batch.to.number != 0 {
            return Err(BrokerError::NoTopic(topic));
        }
        let mut connection = self.link.connection().await?;
        let added: Result<Vec<Option<String>>, _> =
            self.adding(&batch).query_async(&mut connection).await;
        let added = match added {
            Ok(added) => added,
            Err(error) => return Err(self.link.failed(&topic, error, unknown).await),
        };
        let [Some(first), ..] = added.as_slice() else {
            return Err(BrokerError::NoTopic(topic));
        };
        if batch.acks == Acks::None {
            return Ok(Receipt::default());
        }
        self.replicate(&topic, batch.acks).await?;
        let added = batch.messages.len() as u32;
        Ok(Receipt { first: Some(offset(first)), added, ..Receipt::default() })
    }

    /// All are added, or none; and none where there is no stream.
    fn adding(&self, batch: &Batch) -> Pipeline {
        let topic = &batch.to.topic;
        let (stream, mut all) = (self.link.key(topic), redis::pipe());
        all.atomic();
        for message in &batch.messages {
            all.cmd("XADD").arg(&stream).arg("NOMKSTREAM").arg("*");
            for (name, value) in fields(message) {
                all.arg(name).arg(value);
            }
        }
        all.cmd("EVAL").arg(TRIM).arg(2).arg(&stream).arg(self.link.settings(topic)).ignore();
        all
    }

    /// Waits for the replicas that the settings ask for.
    async fn replicate(&self, topic: &Topic, acks: Acks) -> Result<(), BrokerError> {
        let replicas = self.link.config.replicas;
        if acks < Acks::All || replicas == 0 {
            return Ok(());
        }
        let mut connection = self.link.connection().await?;
        let patience = self.link.config.patience.as_millis() as u64;
        let asked: Result<u32, _> =
            cmd("WAIT").arg(replicas).arg(patience).query_async(&mut connection).await;
        match asked {
            Ok(had) if had >= replicas => Ok(()),
            Ok(had) => Err(BrokerError::Unknown(format!("{had} of {replicas} replicas have it"))),
            Err(error) => Err(self.link.failed(topic, error, unknown).await),
        }
    }
}
