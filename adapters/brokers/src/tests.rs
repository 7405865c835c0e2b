use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

use cascadia_patterns::messaging::{BrokerError, Fed, Feed as _, Message, Offset, Subscription};
use cascadia_runtime::Wall;

use crate::{Origin, Station, StationFeed, Stations, Wanted};

fn station(prefetch: u32) -> Arc<Station<()>> {
    let own = Subscription { prefetch, ..Subscription::new("log", "shop") };
    Stations::default().open_one("log".into(), &own)
}

fn origin(at: u64) -> ((), Origin) {
    let (message, published) = (Arc::new(Message::new("one")), Wall::from_nanos(0));
    ((), Origin { offset: Offset(at), message, attempt: 1, published })
}

/// Counts how often it is woken.
#[derive(Default)]
struct Bell(AtomicUsize);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Bell {
    fn rings(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

#[test]
fn nobody_asks_for_more_than_there_is_room_for_or_for_one_after_the_other() {
    for (prefetch, held, owed) in (1..8).flat_map(|most| {
        (0..=most).flat_map(move |held| (0..=most).map(move |owed| (most, held, owed)))
    }) {
        let station = station(prefetch);
        station.deliver((0..u64::from(held)).map(origin));
        let mut feed = StationFeed::new(Arc::clone(&station));
        let mut context = Context::from_waker(Waker::noop());
        while feed.poll_next(&mut context).is_ready() {}
        let (room, owed) = ((prefetch - held) as usize, owed as usize);
        let more = station.lacking(owed);
        assert!(more == 0 || owed + more == room, "{prefetch} {held} {owed}: {more}");
        assert!(more > 0 || owed > 0 || room == 0, "{prefetch} {held} {owed}: it stands still");
    }
}

#[test]
fn who_was_told_that_there_is_no_room_is_told_when_there_is() {
    let (station, bell) = (station(2), Arc::new(Bell::default()));
    station.deliver([origin(0)]);
    let mut changed = pin!(station.changed());
    let waker = Waker::from(Arc::clone(&bell));
    assert!(changed.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    station.conclude([0]);
    assert_eq!(bell.rings(), 0, "nobody waits for room");
    station.deliver([origin(1), origin(2)]);
    assert_eq!(station.wanted(), Wanted::Nothing);
    station.conclude([1]);
    assert_eq!(bell.rings(), 1);
}

#[test]
fn who_waits_is_woken_by_what_is_delivered_and_by_the_end() {
    type End = fn(&Station<()>);
    let ends: [End; 4] = [
        |station| station.deliver([origin(0)]),
        |station| station.fail(BrokerError::Closed),
        |station| station.tell(Fed::Revoked(Vec::new())),
        |station| station.wake(),
    ];
    for end in ends {
        let (station, bell) = (station(1), Arc::new(Bell::default()));
        let mut feed = StationFeed::new(Arc::clone(&station));
        let waker = Waker::from(Arc::clone(&bell));
        assert!(feed.poll_next(&mut Context::from_waker(&waker)).is_pending());
        end(&station);
        assert_eq!(bell.rings(), 1);
    }
}

/// A source that wakes who has asked it last.
#[derive(Default)]
struct Source {
    there: u64,
    waker: Option<Waker>,
}

/// Whatever comes between: its user asks, something comes, or its task takes what the user did not.
#[test]
fn who_fetches_himself_misses_nothing() {
    for order in 0..3_u32.pow(7) {
        let (station, source) = (station(100), Arc::new(Mutex::new(Source::default())));
        let take = {
            let (station, source) = (Arc::clone(&station), Arc::clone(&source));
            move |context: Option<&mut Context<'_>>| {
                let mut source = source.lock().unwrap();
                station.deliver((0..std::mem::take(&mut source.there)).map(origin));
                if let Some(context) = context {
                    source.waker = Some(context.waker().clone());
                }
            }
        };
        let fetch = take.clone();
        let fetch = Box::new(move |context: &mut Context<'_>| fetch(Some(context)));
        let mut feed = StationFeed::fetching(Arc::clone(&station), fetch);
        let bell = Arc::new(Bell::default());
        let waker = Waker::from(Arc::clone(&bell));
        let (mut come, mut got, mut is_awake) = (0, 0, true);
        let mut ask = || match feed.poll_next(&mut Context::from_waker(&waker)) {
            Poll::Ready(Some(Ok(Fed::Delivery(_)))) => true,
            Poll::Ready(other) => panic!("{other:?}"),
            Poll::Pending => false,
        };
        // Who is woken asks until there is nothing. At the end nothing else happens.
        for at in 0..20 {
            let rings = bell.rings();
            match if at < 7 { order / 3_u32.pow(at) % 3 } else { 2 } {
                0 => {
                    come += 1;
                    let mut source = source.lock().unwrap();
                    source.there += 1;
                    source.waker.take().into_iter().for_each(Waker::wake);
                }
                1 => take(None),
                _ if is_awake => {
                    is_awake = ask();
                    got += usize::from(is_awake);
                }
                _ => {}
            }
            is_awake |= rings < bell.rings();
        }
        assert_eq!(got, come, "{order}");
    }
}
