use cascadia_runtime::{Stream, Time};
use proptest::prelude::*;

use super::*;
use crate::testing::ms;

#[derive(Clone, Copy, Debug)]
enum Event {
    Pause(u64),
    Call,
    Accept(usize),
    Fail(usize),
    Abandon(usize),
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        2 => (0u64..3_000).prop_map(Event::Pause),
        5 => Just(Event::Call),
        2 => (0usize..5).prop_map(Event::Accept),
        2 => (0usize..5).prop_map(Event::Fail),
        1 => (0usize..5).prop_map(Event::Abandon),
    ];
    prop::collection::vec(event, 0..400)
}

proptest! {
    #[test]
    fn the_counts_are_those_of_the_window(events in events()) {
        let window = ms(10_000);
        let config = ThrottleConfig { window, buckets: 10, ..plain() };
        let (mut core, mut stream) = (Throttle::new(config), Stream::from_seed(1));
        let (mut now, mut out) = (Time::ZERO, Vec::new());
        let (mut requests, mut accepts): (Vec<u64>, Vec<u64>) = (Vec::new(), Vec::new());
        let bucket = |now: Time| now.as_nanos() / 1_000_000_000;
        for event in events {
            match event {
                Event::Pause(pause) => now += ms(pause),
                Event::Call => {
                    requests.push(bucket(now));
                    if let Ok(sent) = core.on_call(now, &mut stream) {
                        out.push((bucket(now), sent));
                    }
                }
                Event::Accept(index) if index < out.len() => {
                    core.on_accepted(now, out.remove(index).1);
                    accepts.push(bucket(now));
                }
                Event::Fail(index) if index < out.len() => drop(out.remove(index)),
                Event::Abandon(index) if index < out.len() => {
                    let (asked, sent) = out.remove(index);
                    core.on_abandoned(now, sent);
                    let place = requests.iter().position(|other| *other == asked).unwrap();
                    requests.remove(place);
                }
                _ => {}
            }
            let held = |all: &[u64]| {
                all.iter().filter(|asked| **asked + 10 > bucket(now)).count() as f64
            };
            let (requests, accepts) = (held(&requests), held(&accepts));
            let expected = ((requests - 2.0 * accepts) / (requests + 1.0)).clamp(0.0, 0.9);
            prop_assert_eq!(core.refused(now), expected);
        }
    }
}
