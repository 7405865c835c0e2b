use cascadia_runtime::{Stream, Time};

use super::*;
use crate::testing::at;

/// A throttle that has seen so many requests, of which so many were accepted.
fn seen(config: ThrottleConfig, requests: u32, accepts: u32) -> Throttle {
    let (mut core, mut stream) = (Throttle::new(config), Stream::from_seed(1));
    for request in 0..requests {
        if let Ok(sent) = core.on_call(Time::ZERO, &mut stream)
            && request < accepts
        {
            core.on_accepted(Time::ZERO, sent);
        }
    }
    core
}

#[test]
fn each_mistake_is_named() {
    let default = ThrottleConfig::default();
    assert_eq!(default.check(), Ok(()));
    for (config, field) in [
        (ThrottleConfig { buckets: 0, ..default }, "buckets"),
        (ThrottleConfig { window: Duration::ZERO, ..default }, "window"),
        (ThrottleConfig { k: 0.9, ..default }, "k"),
        (ThrottleConfig { max_refused: 0.0, ..default }, "max_refused"),
        (ThrottleConfig { min_per_second: -1.0, ..default }, "min_per_second"),
    ] {
        assert_eq!(config.check().unwrap_err().field, field);
    }
}

#[test]
fn a_server_that_accepts_half_is_sent_everything_with_k_of_two() {
    assert_eq!(seen(plain(), 100, 50).refused(at(0)), 0.0);
    let refused = seen(plain(), 100, 49).refused(at(0));
    assert!((refused - 2.0 / 101.0).abs() < 1e-12, "{refused}");
}

#[test]
fn a_server_that_accepts_nothing_is_still_probed() {
    assert_eq!(seen(plain(), 1_000, 0).refused(at(0)), 0.9);
}

#[test]
fn below_the_least_rate_nothing_is_refused() {
    let config = ThrottleConfig::default();
    assert_eq!(seen(config, 599, 0).refused(at(0)), 0.0);
    assert!(seen(config, 600, 0).refused(at(0)) > 0.8);
}

#[test]
fn what_it_refuses_itself_counts_as_asked_for_and_not_as_accepted() {
    let (mut core, mut stream) = (seen(plain(), 100, 0), Stream::from_seed(2));
    let before = core.requests();
    let refusals = (0..1_000).filter(|_| core.on_call(at(0), &mut stream).is_err()).count();
    assert!((850..950).contains(&refusals), "{refusals}");
    assert_eq!((core.requests(), core.accepts()), (before + 1_000, 0));
}

#[test]
fn a_call_to_a_server_that_hangs_counts_when_it_is_sent() {
    let (mut core, mut stream) = (Throttle::new(plain()), Stream::from_seed(1));
    let mut hung = Vec::new();
    for _ in 0..10 {
        hung.extend(core.on_call(at(0), &mut stream));
    }
    assert!(core.refused(at(0)) > 0.8, "though no call has ended");
}

#[test]
fn a_dropped_call_never_was() {
    let (mut core, mut stream) = (Throttle::new(plain()), Stream::from_seed(1));
    for _ in 0..1_000 {
        let sent = core.on_call(at(0), &mut stream).unwrap();
        core.on_abandoned(at(1), sent);
    }
    assert_eq!((core.refused(at(1)), core.requests()), (0.0, 0));
}

#[test]
fn a_call_dropped_after_its_window_takes_nothing_from_another() {
    let (mut core, mut stream) = (Throttle::new(plain()), Stream::from_seed(1));
    let old = core.on_call(at(0), &mut stream).unwrap();
    let _new = core.on_call(at(120_000), &mut stream);
    core.on_abandoned(at(120_000), old);
    assert_eq!(core.requests(), 1);
}

#[test]
fn the_window_slides_by_its_buckets_and_forgets_when_idle() {
    let mut core = seen(plain(), 100, 0);
    assert!(core.refused(Time::from_nanos(119_999_999_999)) > 0.8);
    assert_eq!(core.refused(at(120_000)), 0.0);
    let mut core = seen(plain(), 100, 0);
    assert_eq!(core.refused(at(86_400_000)), 0.0);
}

#[test]
fn the_share_is_told_where_it_changes_and_once_for_each_bucket() {
    let (mut core, mut stream) = (seen(plain(), 100, 0), Stream::from_seed(1));
    assert_eq!(core.poll_refused(), None, "the first call of the bucket found no other share");
    let mut found = |ms| {
        let _ = core.on_call(at(ms), &mut stream);
        core.poll_refused()
    };
    assert_eq!(found(0), None, "it was told since the bucket began");
    assert_eq!(found(1_000), Some(0.9));
    assert_eq!(found(1_000), None);
    assert_eq!(found(3_000), None, "it is the same");
    assert_eq!(found(130_000), Some(0.0));
}
