use std::time::Duration;

use super::{asked, day, keys};
use crate::call::Kind;
use crate::idempotency::{Asked, Claim, IdempotencyConfig, Keeps, Known};
use crate::messaging::tests::run;
use crate::store::{Range, StoreError};

const MINUTE: Duration = Duration::from_secs(60);

fn first(known: Known) -> Claim {
    match known {
        Known::First(claim) => *claim,
        other => panic!("it was known: {other:?}"),
    }
}

#[test]
fn a_key_is_first_then_in_progress_then_done() {
    run(async {
        let (keys, store) = keys();
        let it = asked("k", 1);
        let claim = first(keys.begin(&store, day(), &it).await.unwrap());
        let second = keys.begin(&store, day(), &it).await.unwrap();
        assert!(matches!(second, Known::InProgress(until) if until == day() + MINUTE));
        let mut transaction = claim.transaction(&store).await.unwrap();
        transaction.put("order", "7");
        claim.done(transaction, b"201", day()).await.unwrap();
        let third = keys.begin(&store, day(), &it).await.unwrap();
        assert!(matches!(third, Known::Done(answer) if answer == b"201"));
        assert_eq!(store.get("order".into()).await.unwrap().unwrap().value, b"7");
    });
}

/// † The same key with other parameters is an error, while the first is under way and after it.
#[test]
fn another_fingerprint_is_told() {
    run(async {
        let (keys, store) = keys();
        let claim = first(keys.begin(&store, day(), &asked("k", 1)).await.unwrap());
        let other = async || keys.begin(&store, day(), &asked("k", 2)).await.unwrap();
        assert!(matches!(other().await, Known::Other));
        claim.answered(&store, b"201", day()).await.unwrap();
        assert!(matches!(other().await, Known::Other));
    });
}

#[test]
fn a_scope_has_keys_of_its_own() {
    run(async {
        let (keys, store) = keys();
        first(keys.begin(&store, day(), &asked("k", 1)).await.unwrap());
        let elsewhere = Asked { scope: "other".into(), ..asked("k", 2) };
        first(keys.begin(&store, day(), &elsewhere).await.unwrap());
    });
}

/// † Whoever is taken for crashed is taken over, and can do nothing any more when it wakes.
#[test]
fn a_crash_in_progress_is_taken_over_with_a_fence() {
    run(async {
        let (keys, store) = keys();
        let it = asked("k", 1);
        let slow = first(keys.begin(&store, day(), &it).await.unwrap());
        let begun = slow.transaction(&store).await.unwrap();
        let later = day() + MINUTE + Duration::from_secs(1);
        let early = keys.begin(&store, day() + MINUTE, &it).await.unwrap();
        assert!(matches!(early, Known::InProgress(_)), "within the skew nobody knows");
        let quick = first(keys.begin(&store, later, &it).await.unwrap());
        assert_eq!((slow.epoch(), quick.epoch()), (1, 2));
        assert_eq!(slow.done(begun, b"late", later).await, Err(StoreError::Conflict));
        assert_eq!(slow.transaction(&store).await.err(), Some(StoreError::Conflict));
        assert_eq!(slow.answered(&store, b"late", later).await, Err(StoreError::Conflict));
        assert_eq!(slow.give_back(&store).await, Err(StoreError::Conflict));
        quick.answered(&store, b"201", later).await.unwrap();
        let known = keys.begin(&store, later, &it).await.unwrap();
        assert!(matches!(known, Known::Done(answer) if answer == b"201"));
    });
}

#[test]
fn what_is_given_back_is_done_by_the_next_even_if_it_asks_for_something_else() {
    run(async {
        let (keys, store) = keys();
        let claim = first(keys.begin(&store, day(), &asked("k", 1)).await.unwrap());
        claim.give_back(&store).await.unwrap();
        let next = first(keys.begin(&store, day(), &asked("k", 2)).await.unwrap());
        assert_eq!(next.epoch(), 2);
    });
}

/// † After its time to live a key is a new one, and nothing of it is left.
#[test]
fn a_key_is_forgotten_when_its_time_is_over() {
    run(async {
        let (keys, store) = keys();
        let it = asked("k", 1);
        let claim = first(keys.begin(&store, day(), &it).await.unwrap());
        claim.answered(&store, b"201", day()).await.unwrap();
        first(keys.begin(&store, day(), &asked("crashed", 1)).await.unwrap());
        let ttl = keys.config().time_to_live;
        let end = day() + ttl + MINUTE;
        assert_eq!(keys.forget(&store, day() + ttl, 10).await, Ok(0));
        assert_eq!(keys.forget(&store, end, 10).await, Ok(1));
        assert_eq!(keys.forget(&store, end + MINUTE, 10).await, Ok(1));
        assert!(store.range(Range::all(), 10).await.unwrap().rows.is_empty());
        first(keys.begin(&store, end, &it).await.unwrap());
        assert_eq!(keys.forget(&store, end + MINUTE, 10).await, Ok(0));
    });
}

#[test]
fn a_key_must_be_known_for_longer_than_anybody_tries_again() {
    let config = IdempotencyConfig::new("i/");
    assert!(config.covers(Duration::from_secs(3_600)).is_ok());
    assert_eq!(config.covers(config.time_to_live).unwrap_err().field, "time_to_live");
}

/// † Stripe keeps the first answer whatever it is. Here that must be asked for.
#[test]
fn what_another_try_would_change_is_not_kept() {
    let usual = IdempotencyConfig::new("i/");
    let stripe = IdempotencyConfig { keeps: Keeps::Errors, ..usual.clone() };
    let kept = |config: &IdempotencyConfig, status| config.is_kept(Kind::of_http(status));
    for (status, is_final, is_error) in [
        (201, true, false),
        (404, true, false),
        (422, true, false),
        (500, false, true),
        (504, false, true),
        (429, false, false),
        (503, false, false),
    ] {
        assert_eq!(kept(&usual, status), is_final, "{status}");
        assert_eq!(kept(&stripe, status), is_final || is_error, "{status}");
    }
    assert!(!stripe.is_kept(Kind::Timeout) && !stripe.is_kept(Kind::Rejected));
}
