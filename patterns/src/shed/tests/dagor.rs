use std::time::Duration;

use cascadia_runtime::Time;
use proptest::prelude::*;

use crate::call::{Layer, Reason};
use crate::shed::{Dagor, DagorConfig};
use crate::testing::{at, ms};

/// A window of one second with `users` users of each of two priorities, who wait for `wait` if
/// they are admitted. Returns how many of each priority were.
fn window(dagor: &mut Dagor, number: u64, users: u64, wait: Duration) -> [u64; 2] {
    let begin = at(number * 1_000);
    let mut admitted = [0; 2];
    for user in 0..users {
        for priority in [1, 0] {
            if dagor.on_call(begin, priority, user).is_ok() {
                dagor.on_wait(begin, wait);
                admitted[usize::from(priority)] += 1;
            }
        }
    }
    admitted
}

fn dagor() -> Dagor {
    Dagor::new(DagorConfig::default())
}

#[test]
fn everybody_is_admitted_without_overload() {
    let mut dagor = dagor();
    for number in 0..20 {
        assert_eq!(
            window(&mut dagor, number, 900, ms(20)),
            [900, 900],
            "20 ms are not beyond 20 ms"
        );
    }
}

#[test]
fn overload_takes_a_twentieth_from_the_least_important() {
    let mut dagor = dagor();
    let slow = ms(21);
    assert_eq!(window(&mut dagor, 0, 900, slow), [900, 900]);
    let [most, least] = window(&mut dagor, 1, 900, slow);
    assert_eq!(most, 900);
    // 1,710 of 1,800, by whole places of some seven users.
    assert!((1_695..=1_710).contains(&(most + least)), "{most} {least}");
    for number in 2..12 {
        window(&mut dagor, number, 900, slow);
    }
    let [most, least] = window(&mut dagor, 12, 900, slow);
    assert_eq!(most, 900, "nobody important is refused while there is anybody less important");
    assert!(least < 200, "{least}");
    for number in 13..40 {
        window(&mut dagor, number, 900, slow);
    }
    let [most, least] = window(&mut dagor, 40, 900, slow);
    assert!(least == 0 && most < 900);
}

#[test]
fn it_grows_by_a_hundredth_of_what_is_asked_for() {
    let mut dagor = dagor();
    for number in 0..12 {
        window(&mut dagor, number, 900, ms(50));
    }
    let before: u64 = window(&mut dagor, 12, 900, ms(1)).iter().sum();
    let after: u64 = window(&mut dagor, 13, 900, ms(1)).iter().sum();
    assert!((1..=18).contains(&(after - before)), "{before}, {after}");
}

/// A hundredth of few requests is less than one, and a level that admits nobody would stay.
#[test]
fn a_level_that_admits_nobody_comes_back() {
    let mut dagor = dagor();
    for number in 0..200 {
        window(&mut dagor, number, 20, ms(500));
    }
    let closed: u64 = window(&mut dagor, 200, 20, ms(500)).iter().sum();
    assert!(closed <= 2, "{closed}");
    for number in 201..300 {
        window(&mut dagor, number, 20, ms(0));
    }
    assert_eq!(window(&mut dagor, 300, 20, ms(0)), [20, 20]);
}

#[test]
fn a_window_ends_after_two_thousand_requests() {
    let mut dagor = dagor();
    for user in 0..2_000 {
        dagor.on_call(at(0), 1, user).unwrap();
        dagor.on_wait(at(0), ms(100));
    }
    let refused = (0..2_000).filter(|user| dagor.on_call(at(1), 1, *user).is_err()).count();
    assert!((100..=140).contains(&refused), "{refused}");
}

#[test]
fn users_share_a_fate_for_an_hour() {
    let mut dagor = dagor();
    for number in 0..3 {
        window(&mut dagor, number, 900, ms(50));
    }
    let fates = |dagor: &mut Dagor, now| -> Vec<bool> {
        (0..100).map(|user| dagor.on_call(now, 1, user).is_ok()).collect()
    };
    let first = fates(&mut dagor, at(3_000));
    assert!(first.contains(&false) && first.contains(&true));
    assert_eq!(fates(&mut dagor, at(3_500)), first);
    // An hour later it is another's turn.
    let later = fates(&mut dagor, Time::ZERO + Duration::from_secs(3_600));
    assert_ne!(later, first);
}

#[test]
fn a_refusal_says_why() {
    let mut dagor = dagor();
    for number in 0..30 {
        window(&mut dagor, number, 900, ms(50));
    }
    let rejection = dagor.on_call(at(30_000), 9, 0).unwrap_err();
    assert_eq!((rejection.by, rejection.reason), (Layer::SHED, Reason::OVERLOADED));
    assert!(rejection.safe_to_retry);
    assert!(dagor.poll_refused().unwrap() > 0.1);
    assert_eq!(dagor.poll_refused(), None);
}

proptest! {
    /// No priority inversion: of one user at one instant, if a request is admitted then so is a
    /// more important one.
    #[test]
    fn the_more_important_is_never_refused_alone(
        events in prop::collection::vec((0u64..500, 0u8..20, 0u64..50, 0u64..60), 0..600),
    ) {
        let config = DagorConfig { window: ms(500), ..DagorConfig::default() };
        let (mut dagor, mut now) = (Dagor::new(config), 0);
        for (gap, priority, user, wait) in events {
            now += gap;
            let less = dagor.on_call(at(now), priority, user).is_ok();
            // The window may end between the two, so the level is asked again.
            let more = dagor.on_call(at(now), priority.saturating_sub(1), user).is_ok();
            let again = dagor.on_call(at(now), priority, user).is_ok();
            prop_assert!(!(less && again) || more);
            if more {
                dagor.on_wait(at(now), ms(wait));
            }
        }
    }
}
