use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use cascadia_brokers::{Origin, Station, Wanted};
use cascadia_patterns::messaging::{BrokerError, Offset};
use cascadia_runtime::Wall;
use futures_util::StreamExt;
use redis::aio::PubSub;

use crate::packed::unpack;

/// Nothing but the user changes what there is to do, so this only bounds an oversight.
const LONG: Duration = Duration::from_secs(1);

/// Hands on what comes from a channel, until the feed is gone or the connection is lost.
pub(crate) async fn listen(subscriber: PubSub, station: Arc<Station<()>>, offsets: Arc<AtomicU64>) {
    let mut messages = pin!(subscriber.into_on_message());
    loop {
        match station.room(LONG).await {
            Wanted::Leave => return,
            Wanted::Nothing => continue,
            Wanted::Messages(_) => {}
        }
        let next = tokio::select! {
            next = messages.next() => next,
            () = station.changed() => continue,
        };
        let Some(next) = next else {
            station.fail(BrokerError::Unavailable("the connection is lost".to_owned()));
            return;
        };
        let offset = Offset(offsets.fetch_add(1, Ordering::Relaxed));
        let message = Arc::new(unpack(next.get_payload_bytes()));
        let published = Wall::from_nanos(0);
        station.deliver([((), Origin { offset, message, attempt: 1, published })]);
    }
}
