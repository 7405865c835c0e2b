use crate::singleflight::{Boarding, Singleflight, SingleflightConfig};
use crate::testing::{at, ms};

fn core() -> Singleflight<u8> {
    Singleflight::new(SingleflightConfig { max_age: ms(100) })
}

/// The flight that a call is on, and whether it was made for it.
fn board(core: &mut Singleflight<u8>, now: u64, key: u64) -> (u64, bool) {
    match core.on_call(at(now), key, || 0) {
        Boarding::Departs(number, _) => (number, true),
        Boarding::Joins(number, _) => (number, false),
    }
}

#[test]
fn calls_of_a_key_join_the_one_that_is_under_way() {
    let mut core = core();
    assert_eq!(board(&mut core, 0, 1), (0, true));
    assert_eq!(board(&mut core, 10, 1), (0, false));
    assert_eq!(board(&mut core, 10, 2), (1, true), "another key is another call");
    core.on_over(1, 0);
    assert_eq!(board(&mut core, 20, 1), (2, true), "nothing is kept");
    assert_eq!(board(&mut core, 20, 2), (1, false));
}

#[test]
fn nobody_joins_a_call_that_is_too_old() {
    let mut core = core();
    assert_eq!(board(&mut core, 0, 1), (0, true));
    assert_eq!(board(&mut core, 99, 1), (0, false));
    assert_eq!(board(&mut core, 100, 1), (1, true));
    assert_eq!(board(&mut core, 150, 1), (1, false));
}

#[test]
fn the_end_of_a_call_that_was_replaced_does_not_end_the_newer_one() {
    let mut core = core();
    board(&mut core, 0, 1);
    board(&mut core, 100, 1);
    core.on_over(1, 0);
    assert_eq!(board(&mut core, 120, 1), (1, false));
    core.on_over(1, 1);
    core.on_over(1, 1);
    assert_eq!(core.flights(), 0);
}
