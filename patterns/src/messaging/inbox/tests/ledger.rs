use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::Wall;

use super::super::{Beyond, Inbox, InboxConfig, Known};
use crate::messaging::tests::{numbered, run};
use crate::messaging::{
    Backoff, Delivery, DeliveryId, Message, Offset, Partition, Source, Subscription, Token,
};
use crate::store::{MemoryStore, Range, Store, StoreError};

const MINUTE: Duration = Duration::from_secs(60);

fn day() -> Wall {
    Wall::EPOCH + 1_440 * MINUTE
}

/// A delivery of a message that was published at this time.
fn delivery(group: &str, message: Message, published: Wall) -> Delivery {
    let source = Arc::new(Source { partition: Partition::new("t", 0), group: group.into() });
    let id = DeliveryId { source, offset: Offset(0), token: Token { term: 0, number: 0 } };
    Delivery { id, message: Arc::new(message), attempt: 1, published }
}

fn inbox(beyond: Beyond) -> (Inbox, Arc<dyn Store>) {
    let config = InboxConfig { beyond, ..InboxConfig::new("i/") };
    (Inbox::new(config).unwrap(), Arc::new(MemoryStore::new()))
}

async fn is_done(inbox: &Inbox, store: &Arc<dyn Store>, now: Wall, it: &Delivery) -> bool {
    match inbox.begin(store, now, it).await.unwrap() {
        Known::First(transaction) => transaction.commit().await.is_ok(),
        _ => false,
    }
}

#[test]
fn a_message_is_done_once_for_each_group() {
    run(async {
        let (inbox, store) = inbox(Beyond::Do);
        let it = |group| delivery(group, numbered(1).id("paid-7"), day());
        assert!(is_done(&inbox, &store, day(), &it("a")).await);
        assert!(!is_done(&inbox, &store, day(), &it("a")).await);
        assert!(is_done(&inbox, &store, day(), &it("b")).await);
        let nameless = delivery("a", numbered(1), day());
        assert!(matches!(inbox.begin(&store, day(), &nameless).await, Ok(Known::Nameless)));
        let counts = inbox.counts();
        assert_eq!((counts.first, counts.seen, counts.nameless), (2, 1, 1));
    });
}

/// Two have it at the same time: one of them comes second, and does nothing.
#[test]
fn of_two_at_the_same_time_one_conflicts() {
    run(async {
        let (inbox, store) = inbox(Beyond::Do);
        let it = delivery("a", numbered(1).id("paid-7"), day());
        let [first, second] = [(); 2].map(|()| inbox.begin(&store, day(), &it));
        let (Known::First(first), Known::First(second)) =
            (first.await.unwrap(), second.await.unwrap())
        else {
            panic!("neither was done")
        };
        assert!(first.commit().await.is_ok());
        assert_eq!(second.commit().await, Err(StoreError::Conflict));
    });
}

/// † After the window nobody knows: that is said and counted, and nothing of it is left.
#[test]
fn a_window_that_is_over_is_told() {
    run(async {
        for beyond in [Beyond::Do, Beyond::Refuse] {
            let (inbox, store) = inbox(beyond);
            let it = delivery("a", numbered(1).id("paid-7"), day());
            assert!(is_done(&inbox, &store, day(), &it).await);
            assert_eq!(inbox.forget(&store, day() + 30 * MINUTE, 100).await, Ok(0));
            assert_eq!(inbox.forget(&store, day() + 31 * MINUTE, 100).await, Ok(1));
            assert!(store.range(Range::all(), 10).await.unwrap().rows.is_empty());
            let again = is_done(&inbox, &store, day() + 31 * MINUTE, &it).await;
            assert_eq!(again, beyond == Beyond::Do);
            assert_eq!((inbox.counts().beyond, inbox.counts().forgotten), (1, 1));
        }
    });
}

#[test]
fn a_window_must_be_longer_than_messages_come_again() {
    let config = InboxConfig::new("i/");
    let usual = Subscription::new("t", "g");
    assert!(config.covers(&usual).is_ok(), "20 times 30 s");
    let longer = Subscription { ack_wait: 2 * MINUTE, ..usual.clone() };
    assert_eq!(config.covers(&longer).unwrap_err().field, "window");
    let rests = Subscription { backoff: Backoff::Steps(vec![2 * MINUTE]), ..usual.clone() };
    assert_eq!(config.covers(&rests).unwrap_err().field, "window");
    let unbounded = Subscription { attempts: None, ..usual };
    assert_eq!(config.covers(&unbounded).unwrap_err().field, "attempts");
}
