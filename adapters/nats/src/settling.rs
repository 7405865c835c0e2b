use async_nats::jetstream::message::AckKind;
use cascadia_patterns::messaging::{BrokerError, DeliveryId, LateAck, Settle, Settled};
use futures_util::future::join_all;

use crate::error::unknown;
use crate::feeding::Handle;
use crate::server::Server;

impl Server {
    /// All are said at once, and answered at the same time.
    pub(crate) async fn settle(
        &self,
        ids: &[DeliveryId],
        settle: &Settle,
    ) -> Result<Vec<Settled>, BrokerError> {
        let all = join_all(ids.iter().map(|id| self.settle_one(id, settle))).await;
        all.into_iter().collect()
    }

    /// The server answers when it has heard it, and not what has become of it: that is known here.
    async fn settle_one(&self, id: &DeliveryId, settle: &Settle) -> Result<Settled, BrokerError> {
        let number = id.token.number;
        let Some(station) = self.stations.find(id) else { return Ok(Settled::Gone) };
        let Some(held) = station.held(number) else { return Ok(Settled::Gone) };
        let Handle { seat, at } = &held.handle;
        let is_accepted = *settle == Settle::Ack && seat.late_ack == LateAck::Accept;
        if seat.life.is_over() || held.is_late && !is_accepted {
            station.conclude([number]);
            return Ok(Settled::Stale);
        }
        let deliveries = held.origin.attempt;
        let rest = match settle {
            Settle::RequeueAfter(rest) => *rest,
            _ => seat.backoff.after(deliveries),
        };
        let kind = match settle {
            Settle::Working => AckKind::Progress,
            Settle::Requeue | Settle::RequeueAfter(_) => {
                AckKind::Nak((!rest.is_zero()).then_some(rest))
            }
            _ => AckKind::Ack,
        };
        match settle {
            Settle::Dead(reason) => seat.bury(at, &held.origin, deliveries, reason).await?,
            Settle::Requeue | Settle::RequeueAfter(_) if seat.is_spent(deliveries) => {
                seat.bury(at, &held.origin, deliveries, "attempts").await?;
            }
            _ => seat.settle(at, kind).await?,
        }
        if seat.life.is_over() {
            return Err(unknown("the connection was lost"));
        }
        match settle {
            Settle::Working => station.extend(number),
            _ => station.conclude([number]),
        }
        Ok(if held.is_late { Settled::Late } else { Settled::Done })
    }
}
