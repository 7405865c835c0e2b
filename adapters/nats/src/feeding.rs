use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_nats::jetstream::Message as Received;
use async_nats::{Message, Subject};
use cascadia_brokers::{Origin, Station, Wanted};
use cascadia_patterns::messaging::{Abandoned, BrokerError, Offset};
use cascadia_runtime::Wall;
use futures_util::FutureExt as _;

use crate::asking::Asking;
use crate::carried::message;
use crate::error::unavailable;
use crate::seat::Seat;

/// What a delivery is settled by.
#[derive(Clone)]
pub(crate) struct Handle {
    pub(crate) seat: Arc<Seat>,
    /// Where the server hears it.
    pub(crate) at: Subject,
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").field("seat", &self.seat).finish_non_exhaustive()
    }
}

/// How long a dead message waits whose letter could not be written.
const BURY_AGAIN: Duration = Duration::from_secs(1);

/// Fetches for a feed until it is gone or the server does not answer, and gives back what it has, unless
/// it is to stay until its time is over.
pub(crate) async fn feed(seat: Arc<Seat>, station: Arc<Station<Handle>>, poll: Duration) {
    let fetched = tokio::select! {
        fetched = fetch(&seat, &station, poll) => fetched,
        () = seat.life.over() => Err(unavailable("the connection was lost")),
    };
    if let Err(error) = fetched {
        station.fail(error);
    }
    let is_released = seat.abandoned == Abandoned::Released;
    let held = station.abandon().into_iter().filter(|held| is_released && !held.is_late);
    drop(seat.give_back(held.map(|held| held.handle.at), None).await);
}

/// Has as many messages on their way as there is room for, and takes them back where there is less than that.
async fn fetch(
    seat: &Arc<Seat>,
    station: &Station<Handle>,
    poll: Duration,
) -> Result<(), BrokerError> {
    let mut asking = Asking::begin(seat).await?;
    loop {
        station.expire();
        let wanted = station.wanted();
        if wanted == Wanted::Leave {
            return hand_on(asking.end().await?, seat, station).await;
        }
        if asking.owed() > wanted.room() {
            let ended = std::mem::replace(&mut asking, Asking::begin(seat).await?);
            hand_on(ended.end().await?, seat, station).await?;
            continue;
        }
        let more = station.lacking(asking.owed());
        if more > 0 {
            asking.ask(more).await?;
        }
        tokio::select! {
            first = asking.next() => {
                let mut sent = Vec::from_iter(first?);
                while asking.owed() > 0 && let Some(next) = asking.next().now_or_never() {
                    sent.extend(next?);
                }
                hand_on(sent, seat, station).await?;
            }
            () = station.changed() => {}
            () = tokio::time::sleep(poll) => {}
        }
    }
}

/// Hands on what there is room for, and gives back the rest. What has no attempt left is buried.
async fn hand_on(
    sent: Vec<Message>,
    seat: &Arc<Seat>,
    station: &Station<Handle>,
) -> Result<(), BrokerError> {
    let (mut all, mut surplus) = (Vec::with_capacity(sent.len()), Vec::new());
    let room = station.wanted().room();
    for one in sent {
        let (at, origin) = read(one, seat)?;
        let deliveries = origin.attempt.saturating_sub(1);
        if deliveries > 0 && seat.is_spent(deliveries) {
            if seat.bury(&at, &origin, deliveries, "attempts").await.is_err() {
                seat.give_back([at], Some(BURY_AGAIN)).await?;
            }
        } else if all.len() < room {
            all.push((Handle { seat: Arc::clone(seat), at }, origin));
        } else {
            surplus.push(at);
        }
    }
    station.deliver(all);
    seat.give_back(surplus, None).await
}

/// Where the server hears what becomes of a message, and the message.
fn read(one: Message, seat: &Seat) -> Result<(Subject, Origin), BrokerError> {
    let one = Received { message: one, context: seat.context.clone() };
    let info = one.info().map_err(unavailable)?;
    let published = u64::try_from(info.published.unix_timestamp_nanos()).unwrap_or(0);
    let origin = Origin {
        offset: Offset(info.stream_sequence),
        message: Arc::new(message(&one.payload, one.headers.as_ref())),
        attempt: u32::try_from(info.delivered).unwrap_or(u32::MAX),
        published: Wall::from_nanos(published),
    };
    let at = one.message.reply.ok_or_else(|| unavailable("nobody to settle it with"))?;
    Ok((at, origin))
}
