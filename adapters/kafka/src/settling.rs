use std::collections::BTreeSet;

use cascadia_patterns::messaging::{BrokerError, DeliveryId, Settle, Settled};

use crate::link::blocking;
use crate::server::Server;

impl Server {
    /// What is done is committed as far as everything before it is, too.
    pub(crate) async fn settle(
        &self,
        ids: &[DeliveryId],
        settle: &Settle,
    ) -> Result<Vec<Settled>, BrokerError> {
        let is_through = *settle == Settle::AckThrough;
        let mut settled = vec![Settled::Stale; ids.len()];
        let terms: BTreeSet<_> = ids.iter().map(|id| id.token.term).collect();
        for term in terms {
            let Some(member) = self.members.find(term) else { continue };
            let of = || ids.iter().zip(0..).filter(|(id, _)| id.token.term == term);
            let told = member.seat.settle(of().map(|(id, _)| id), is_through);
            if blocking(move || member.commit()).await? {
                of().zip(told).for_each(|((_, at), told)| settled[at] = told);
            }
        }
        Ok(settled)
    }
}
