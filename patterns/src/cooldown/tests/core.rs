use super::*;
use crate::call::{Layer, Reason, Rejection};
use crate::testing::at;

fn failed(config: CooldownConfig, failures: &[(u64, u64)]) -> Cooldown {
    let mut core = Cooldown::keyed(config);
    for (ms, key) in failures {
        core.on_failure(at(*ms), *key);
    }
    core
}

fn refused(ms_left: u64) -> Result<(), Rejection> {
    let rejection = Rejection::new(Layer::COOLDOWN, Reason::KEY_COOLING);
    Err(rejection.until(Some(ms(ms_left))))
}

#[test]
fn each_mistake_is_named() {
    let default = CooldownConfig::default();
    assert_eq!(default.check(), Ok(()));
    for (config, field) in [
        (CooldownConfig { pause: ms(0), ..default }, "pause"),
        (CooldownConfig { max_keys: 0, ..default }, "max_keys"),
    ] {
        assert_eq!(config.check().unwrap_err().field, field);
    }
}

#[test]
fn after_a_failure_its_key_rests_for_a_pause_and_another_key_does_not() {
    let core = failed(config(), &[(10, 1)]);
    assert_eq!(core.on_call(at(10), 1), refused(100));
    assert_eq!(core.on_call(at(109), 1), refused(1));
    assert_eq!(core.on_call(at(110), 1), Ok(()));
    assert_eq!(core.on_call(at(10), 2), Ok(()));
}

#[test]
fn who_fails_during_a_pause_makes_it_longer() {
    let core = failed(config(), &[(0, 1), (60, 1)]);
    assert_eq!(core.on_call(at(100), 1), refused(60));
    assert_eq!(core.on_call(at(160), 1), Ok(()));
}

#[test]
fn a_failure_that_is_told_late_makes_no_pause_shorter() {
    let core = failed(config(), &[(60, 1), (0, 1)]);
    assert_eq!(core.until(at(100), 1), Some(at(160)));
}

#[test]
fn of_one_key_too_many_the_pause_that_ends_first_is_given_up() {
    let config = CooldownConfig { max_keys: 2, ..config() };
    let core = failed(config, &[(0, 3), (10, 1), (20, 2)]);
    let rest = [1, 2, 3].map(|key| core.until(at(20), key));
    assert_eq!(rest, [Some(at(110)), Some(at(120)), None]);
}

#[test]
fn what_is_over_makes_room_before_what_is_not() {
    let config = CooldownConfig { max_keys: 2, ..config() };
    let core = failed(config, &[(0, 1), (90, 2), (100, 3)]);
    let rest = [1, 2, 3].map(|key| core.until(at(100), key));
    assert_eq!((rest, core.resting(at(100))), ([None, Some(at(190)), Some(at(200))], 2));
}

#[test]
fn a_pause_without_end_does_not_overflow() {
    let config = CooldownConfig { pause: Duration::MAX, ..config() };
    let core = failed(config, &[(5, 1)]);
    assert!(core.on_call(at(86_400_000), 1).is_err());
}
