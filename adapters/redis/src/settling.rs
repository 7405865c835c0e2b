use std::collections::BTreeSet;
use std::sync::Arc;

use cascadia_brokers::{Held, Station, Wanted};
use cascadia_patterns::messaging::{BrokerError, DeliveryId, Settle, Settled};
use tokio::time::Instant;

use crate::error::unknown;
use crate::feeding::Handle;
use crate::seat::Seat;
use crate::server::Server;

/// What is settled of one feed: where in the answer, by which number, and what it is.
struct Part {
    station: Arc<Station<Handle>>,
    all: Vec<(usize, u64, Held<Handle>)>,
}

/// Whether nobody else can have any of these, as their time is not half over, and each is there once: then the server need
/// not look who has it.
fn is_own(station: &Station<Handle>, seat: &Seat, all: &[(usize, u64, Held<Handle>)]) -> bool {
    let half = Instant::now() + seat.ack_wait / 2;
    let numbers: BTreeSet<_> = all.iter().map(|(_, number, _)| number).collect();
    let is_there = station.wanted() != Wanted::Leave && numbers.len() == all.len();
    is_there && all.iter().all(|(_, _, held)| half < held.until)
}

impl Server {
    /// All of a feed are settled at once.
    pub(crate) async fn settle(
        &self,
        ids: &[DeliveryId],
        settle: &Settle,
    ) -> Result<Vec<Settled>, BrokerError> {
        let (mut settled, mut parts) = (vec![Settled::Gone; ids.len()], Vec::<Part>::new());
        for (at, id) in ids.iter().enumerate() {
            let number = id.token.number;
            let Some(station) = self.stations.find(id) else { continue };
            let Some(held) = station.held(number) else { continue };
            let known = parts.iter_mut().find(|part| part.station.term() == station.term());
            match known {
                Some(part) => part.all.push((at, number, held)),
                None => parts.push(Part { station, all: vec![(at, number, held)] }),
            }
        }
        for part in parts {
            self.settle_part(part, settle, &mut settled).await?;
        }
        Ok(settled)
    }

    async fn settle_part(
        &self,
        Part { station, all }: Part,
        settle: &Settle,
        settled: &mut [Settled],
    ) -> Result<(), BrokerError> {
        let Some((_, _, first)) = all.first() else { return Ok(()) };
        let seat = Arc::clone(&first.handle.0);
        let entries: Vec<_> = all.iter().map(|(_, _, held)| held.handle.1.as_str()).collect();
        let mut connection = self.link.connection().await?;
        let answers = match is_own(&station, &seat, &all) && *settle == Settle::Ack {
            true => seat.ack(&mut connection, &entries).await,
            false => seat.settle(&mut connection, &entries, settle).await,
        };
        let answers = match answers {
            Ok(answers) => answers,
            Err(error) => return Err(self.link.failed(&seat.topic, error, unknown).await),
        };
        let mut over = Vec::with_capacity(all.len());
        for ((at, number, held), answer) in all.into_iter().zip(answers) {
            match settle {
                Settle::Working if answer == Settled::Done => station.extend(number),
                _ => over.push(number),
            }
            // The member has it again, perhaps, in a later delivery.
            let is_late = held.is_late && answer == Settled::Done;
            settled[at] = if is_late { Settled::Late } else { answer };
        }
        station.conclude(over);
        Ok(())
    }
}
