use std::sync::Arc;

use cascadia_brokers::{Station, Wanted};
use cascadia_patterns::messaging::{Abandoned, AckMode, BrokerError};
use redis::aio::MultiplexedConnection;
use tokio::time::Instant;

use crate::error::meaning;
use crate::link::Link;
use crate::seat::Seat;

/// What a delivery is settled by: its seat, and the id of its entry.
pub(crate) type Handle = (Arc<Seat>, String);

/// Fetches for a feed until it is gone or the connection is lost, and leaves the group. Who stays in it has its messages
/// until they are claimed.
pub(crate) async fn feed(
    link: Arc<Link>,
    mut connection: MultiplexedConnection,
    seat: Arc<Seat>,
    station: Arc<Station<Handle>>,
) {
    if let Err(error) = fetch(&link, &mut connection, &seat, &station).await {
        station.fail(error);
        station.abandon();
    }
    if seat.abandoned == Abandoned::Released {
        seat.leave(&link).await;
    }
}

async fn fetch(
    link: &Link,
    connection: &mut MultiplexedConnection,
    seat: &Arc<Seat>,
    station: &Station<Handle>,
) -> Result<(), BrokerError> {
    let (poll, mut looked) = (link.config.poll, None::<Instant>);
    loop {
        station.expire();
        let room = match station.room(poll).await {
            Wanted::Leave => return Ok(()),
            Wanted::Nothing => continue,
            Wanted::Messages(room) => room,
        };
        let is_long = looked.is_none_or(|looked| looked.elapsed() >= poll);
        let mut taken = Ok(Vec::new());
        if seat.ack == AckMode::Explicit && (seat.has_refused() || is_long) {
            taken = seat.claim(connection, room).await;
            looked = Some(Instant::now());
        }
        if taken.as_ref().is_ok_and(Vec::is_empty) {
            taken = seat.wait(connection, room, poll).await;
        }
        let taken = taken.map_err(|error| meaning(&seat.topic, &error))?;
        station.deliver(taken.into_iter().map(|(id, origin)| ((Arc::clone(seat), id), origin)));
    }
}
