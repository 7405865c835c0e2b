use std::sync::Arc;

use cascadia_patterns::messaging::{BrokerError, Capability, DeliveryId, Settle, Settled};

use crate::link::blocking;
use crate::members::Member;
use crate::server::Server;

impl Server {
    /// What is done is committed as far as everything before it is, too.
    pub(crate) async fn settle(
        &self,
        ids: &[DeliveryId],
        settle: &Settle,
    ) -> Result<Vec<Settled>, BrokerError> {
        let is_through = match settle {
            Settle::Ack => false,
            Settle::AckThrough => true,
            Settle::Requeue => return Err(Capability::Requeue.into()),
            Settle::RequeueAfter(_) => return Err(Capability::Delay.into()),
            Settle::Dead(_) => return Err(Capability::DeadLetter.into()),
            Settle::Working => return Err(Capability::Working.into()),
        };
        let (mut settled, mut touched) = (Vec::with_capacity(ids.len()), Vec::<Arc<Member>>::new());
        for id in ids {
            let term = id.token.term;
            let known = touched.iter().find(|it| it.seat.station.term() == term).cloned();
            let is_new = known.is_none();
            let Some(member) = known.or_else(|| self.members.find(term)) else {
                settled.push(Settled::Stale);
                continue;
            };
            settled.push(member.seat.settle(id, is_through));
            if is_new {
                touched.push(member);
            }
        }
        for member in touched {
            let term = member.seat.station.term();
            if !blocking(move || member.commit()).await? {
                let of = ids.iter().zip(&mut settled).filter(|(id, _)| id.token.term == term);
                of.for_each(|(_, settled)| *settled = Settled::Stale);
            }
        }
        Ok(settled)
    }
}
