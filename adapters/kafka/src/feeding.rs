use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};
use std::thread::{Thread, current, park_timeout};
use std::time::Duration;

use cascadia_brokers::{Origin, Station, Wanted};
use cascadia_patterns::messaging::BrokerError;
use cascadia_runtime::Wall;
use rdkafka::Message as _;
use rdkafka::consumer::{CommitMode, Consumer as _};
use rdkafka::message::BorrowedMessage;
use tokio::time::Instant;

use crate::carried::message;
use crate::error::{is_end, unavailable};
use crate::members::Member;
use crate::seat::offset;
use crate::watching::place_of;

/// As many as are handed on at once at most: nobody waits for the others for long.
const AT_ONCE: usize = 100;

/// Reads for a member until its feed is gone. It is asked here what the group gives and takes, so who does not read is
/// asked, too.
pub(crate) fn feed(member: &Member, poll: Duration) {
    if let Err(error) = read(member, poll) {
        member.seat.station.fail(error);
    }
    member.seat.station.abandon();
}

fn read(member: &Member, poll: Duration) -> Result<(), BrokerError> {
    let (seat, mut waiting, mut is_paused) = (&member.seat, None, false);
    loop {
        for seek in seat.wanted() {
            waiting = waiting.filter(|(number, _)| *number != seek.partition);
            // Who has asked may be gone.
            drop(seek.done.send(go_to(member, seek.partition, seek.to)));
        }
        let room = match seat.station.wanted() {
            Wanted::Leave => return Ok(()),
            Wanted::Nothing => {
                if !has_more_to_do(&seat.station, poll) {
                    // What it had fetched is fetched again, so this is for those who are slow.
                    is_paused |= member.consumer.pause(&assigned(member)?).is_ok();
                    waiting = waiting.or(next(member, Duration::ZERO)?);
                }
                continue;
            }
            Wanted::Messages(room) => room,
        };
        if std::mem::take(&mut is_paused) {
            member.consumer.resume(&assigned(member)?).map_err(unavailable)?;
        }
        match waiting.take() {
            Some(one) => seat.deliver(vec![one]),
            None => seat.deliver(gather(member, room.min(AT_ONCE), poll)?),
        }
    }
}

/// What has come, as soon as there is something, but no later than so.
fn gather(
    member: &Member,
    most: usize,
    mut within: Duration,
) -> Result<Vec<(u32, Origin)>, BrokerError> {
    let (mut all, mut round) = (Vec::new(), member.seat.round());
    while all.len() < most {
        let next = next(member, within)?;
        if member.seat.round() != round {
            // What came before its partition was taken, or given anew, is not its own any more.
            all.clear();
            round = member.seat.round();
        }
        let Some(next) = next else { break };
        all.push(next);
        within = Duration::ZERO;
    }
    Ok(all)
}

fn assigned(member: &Member) -> Result<rdkafka::TopicPartitionList, BrokerError> {
    member.consumer.assignment().map_err(unavailable)
}

/// What comes within a time.
fn next(member: &Member, time: Duration) -> Result<Option<(u32, Origin)>, BrokerError> {
    match member.consumer.poll(time) {
        None => Ok(None),
        Some(Ok(received)) => Ok(Some((received.partition() as u32, origin(&received)))),
        Some(Err(error)) => is_end(&member.seat.topic, &error).map_or(Ok(None), Err),
    }
}

fn origin(received: &BorrowedMessage<'_>) -> Origin {
    let millis = received.timestamp().to_millis().unwrap_or_default();
    Origin {
        offset: offset(received.offset()),
        message: Arc::new(message(received)),
        attempt: 1,
        published: Wall::from_nanos(offset(millis).0 * 1_000_000),
    }
}

/// Goes on at another place, which is that of the group from now on.
fn go_to(
    member: &Member,
    partition: u32,
    to: cascadia_patterns::messaging::Start,
) -> Result<(), BrokerError> {
    let seat = &member.seat;
    let place = place_of(&member.consumer, seat, partition as i32, to).map_err(unavailable)?;
    let list = seat.list(&[(partition, place)]);
    member.consumer.commit(&list, CommitMode::Sync).map_err(unavailable)?;
    member.consumer.seek_partitions(list, seat.patience).map_err(unavailable)?;
    seat.move_to(partition, place);
    Ok(())
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits on this thread until something is wanted, but no longer than so long. Whether that is so.
fn has_more_to_do(station: &Station<u32>, within: Duration) -> bool {
    let (waker, end) = (Waker::from(Arc::new(Unpark(current()))), Instant::now() + within);
    while station.wanted() == Wanted::Nothing {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return false;
        }
        let mut changed = pin!(station.changed());
        if changed.as_mut().poll(&mut Context::from_waker(&waker)).is_pending() {
            park_timeout(left);
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use cascadia_brokers::{StationFeed, Stations};
    use cascadia_patterns::messaging::{Feed, Message, Offset, Subscription};

    use super::*;

    /// As one who waits for too long has all that was fetched be fetched again.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "a thread is what waits")]
    fn who_is_full_for_a_moment_waits_for_room_and_not_for_a_word() {
        let own = Subscription { prefetch: 1, ..Subscription::new("log", "shop") };
        let station = Stations::default().open_one("log".into(), &own);
        let message = Arc::new(Message::new("one"));
        let published = Wall::from_nanos(0);
        station.deliver([(0, Origin { offset: Offset(0), message, attempt: 1, published })]);
        assert!(!has_more_to_do(&station, Duration::from_millis(1)));
        let mut feed = StationFeed::new(Arc::clone(&station));
        let full = Arc::clone(&station);
        let waiting = std::thread::spawn(move || has_more_to_do(&full, Duration::from_secs(60)));
        for _ in 0..10 {
            feed.credit(1);
            park_timeout(Duration::from_millis(1));
        }
        assert!(!waiting.is_finished(), "nothing has changed but a word");
        station.conclude([0]);
        assert!(waiting.join().unwrap());
    }
}
