use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_nats::Subject;
use async_nats::jetstream::consumer::PullConsumer;
use async_nats::jetstream::message::Message as Received;
use cascadia_brokers::{Origin, Station, Wanted};
use cascadia_patterns::messaging::{Abandoned, BrokerError, Offset};
use cascadia_runtime::Wall;
use futures_util::StreamExt;
use tokio::time::{Instant, timeout_at};

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

/// How long after its time it is taken for granted that a request is over: a server may say nothing of that when a message comes as
/// it ends (2.9), and the client waits for five seconds.
const LATE: Duration = Duration::from_millis(500);
/// How long a dead message waits whose letter could not be written.
const BURY_AGAIN: Duration = Duration::from_secs(1);

/// Fetches for a feed until it is gone or the server does not answer, and gives back what it has, unless
/// it is to stay until its time is over.
pub(crate) async fn feed(
    consumer: PullConsumer,
    seat: Arc<Seat>,
    station: Arc<Station<Handle>>,
    poll: Duration,
) {
    let fetched = tokio::select! {
        fetched = fetch(&consumer, &seat, &station, poll) => fetched,
        () = seat.life.over() => Err(unavailable("the connection was lost")),
    };
    if let Err(error) = fetched {
        station.fail(error);
        // What is given back meets the requests of the lost connection otherwise, until they are over: the server has tried
        // one message more by that than it had, and has the last one come again as new, be it done or not.
        tokio::time::sleep(2 * poll).await;
    } else {
        // So it is where it meets the end of another's request, too, and who comes as this one goes asks in step with it.
        tokio::time::sleep(poll / 2).await;
    }
    let is_released = seat.abandoned == Abandoned::Released;
    for held in station.abandon().into_iter().filter(|held| is_released && !held.is_late) {
        drop(seat.give_back(held.handle.at, None).await);
    }
}

async fn fetch(
    consumer: &PullConsumer,
    seat: &Arc<Seat>,
    station: &Station<Handle>,
    poll: Duration,
) -> Result<(), BrokerError> {
    loop {
        station.expire();
        let room = match station.room(poll).await {
            Wanted::Leave => return Ok(()),
            Wanted::Nothing => continue,
            Wanted::Messages(room) => room,
        };
        // Whoever left before its end would be sent messages that nobody reads.
        let asked = consumer.batch().max_messages(room).expires(poll);
        let mut messages = asked.messages().await.map_err(unavailable)?;
        let (mut surplus, over) = (Vec::new(), Instant::now() + poll + LATE);
        while let Ok(Some(received)) = timeout_at(over, messages.next()).await {
            surplus.extend(hand_on(received.map_err(unavailable)?, seat, station).await?);
        }
        // Given back before, it would come again to the same request, until its attempts are spent.
        for at in surplus {
            seat.give_back(at, None).await?;
        }
    }
}

/// What it is given back by, if there is no room for it any more.
async fn hand_on(
    received: Received,
    seat: &Arc<Seat>,
    station: &Station<Handle>,
) -> Result<Option<Subject>, BrokerError> {
    let info = received.info().map_err(unavailable)?;
    let attempt = u32::try_from(info.delivered).unwrap_or(u32::MAX);
    let published = u64::try_from(info.published.unix_timestamp_nanos()).unwrap_or(0);
    let origin = Origin {
        offset: Offset(info.stream_sequence),
        message: Arc::new(message(&received.payload, received.headers.as_ref())),
        attempt,
        published: Wall::from_nanos(published),
    };
    let at = received.message.reply.ok_or_else(|| unavailable("nobody to settle it with"))?;
    if attempt > 1 && seat.is_spent(attempt - 1) {
        if seat.bury(&at, &origin, attempt - 1, "attempts").await.is_err() {
            seat.give_back(at, Some(BURY_AGAIN)).await?;
        }
        return Ok(None);
    }
    if matches!(station.wanted(), Wanted::Messages(_)) {
        station.deliver([(Handle { seat: Arc::clone(seat), at }, origin)]);
        return Ok(None);
    }
    Ok(Some(at))
}
