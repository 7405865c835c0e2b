use cascadia_patterns::messaging::{BrokerError, DeliveryId, Settle, Settled};

use crate::error::unknown;
use crate::server::Server;

impl Server {
    pub(crate) async fn settle(
        &self,
        id: &DeliveryId,
        settle: &Settle,
    ) -> Result<Settled, BrokerError> {
        let number = id.token.number;
        let Some(station) = self.stations.find(id) else { return Ok(Settled::Gone) };
        let Some(held) = station.held(number) else { return Ok(Settled::Gone) };
        let (seat, entry) = held.handle;
        let mut connection = self.link.connection().await?;
        let settled = match seat.settle(&mut connection, &entry, settle).await {
            Ok(settled) => settled,
            Err(error) => return Err(self.link.failed(&seat.topic, error, unknown).await),
        };
        match settle {
            Settle::Working if settled == Settled::Done => station.extend(number),
            _ => station.conclude(number),
        }
        // The member has it again, perhaps, in a later delivery.
        let is_late = held.is_late && settled == Settled::Done;
        Ok(if is_late { Settled::Late } else { settled })
    }
}
