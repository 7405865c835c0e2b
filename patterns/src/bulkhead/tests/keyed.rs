use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use crate::bulkhead::{
    Admission, BulkheadConfig, BulkheadLayer, KeyedBulkhead, KeyedBulkheadConfig,
};
use crate::call::{Baggage, Call, Context, Failure, Reason, Request};
use crate::testing::{Recorder, Server, Step, TestWorld, env, ms, safe};

fn config(limit: u32, max_keys: u32) -> KeyedBulkheadConfig {
    let each = BulkheadConfig { limit, ..BulkheadConfig::default() };
    KeyedBulkheadConfig { each, max_keys }
}

fn granted(core: &mut KeyedBulkhead, key: u64) -> Option<u32> {
    match core.on_call(key) {
        (compartment, Admission::Granted) => Some(compartment),
        (_, Admission::Rejected(rejection)) => {
            assert_eq!(rejection.reason, Reason::FULL);
            None
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn one_key_does_not_take_the_permits_of_another() {
    let mut core = KeyedBulkhead::new(config(2, 10));
    assert!(granted(&mut core, 1).is_some() && granted(&mut core, 1).is_some());
    assert_eq!(granted(&mut core, 1), None);
    assert!(granted(&mut core, 2).is_some());
    assert_eq!((core.keys(), core.in_flight()), (2, 3));
}

/// A cache that forgets a key while its calls are under way lets a second set of them in.
#[test]
fn a_key_in_use_is_not_forgotten() {
    let mut core = KeyedBulkhead::new(config(1, 2));
    let [one, two] = [1, 2].map(|key| granted(&mut core, key).unwrap());
    assert_eq!(granted(&mut core, 3), None, "both places are in use");
    assert_eq!(granted(&mut core, 1), None, "and the count of the first is still there");
    assert_eq!(core.on_released(two), None);
    assert_eq!(granted(&mut core, 3), Some(two));
    assert_eq!(granted(&mut core, 1), None);
    assert_eq!(core.on_released(one), None);
    assert_eq!(granted(&mut core, 2), Some(one));
}

#[test]
fn the_key_that_is_unused_for_the_longest_makes_room() {
    let mut core = KeyedBulkhead::new(config(1, 3));
    for key in [1, 2, 3, 1] {
        let compartment = granted(&mut core, key).unwrap();
        core.on_released(compartment);
    }
    let place_of_2 = 1;
    assert_eq!(granted(&mut core, 4), Some(place_of_2));
    assert_eq!(core.keys(), 3);
}

/// A key counts as unused from the end of its last call on, not from the beginning.
#[test]
fn a_long_call_keeps_its_key_to_the_end() {
    let mut core = KeyedBulkhead::new(config(1, 2));
    let [long, short] = [1, 2].map(|key| granted(&mut core, key).unwrap());
    core.on_released(short);
    core.on_released(long);
    assert_eq!(granted(&mut core, 3), Some(short));
    assert_eq!(granted(&mut core, 1), Some(long));
}

#[test]
fn a_key_that_somebody_waits_for_is_in_use() {
    let each = BulkheadConfig { limit: 1, max_wait: ms(5), max_waiting: None };
    let mut core = KeyedBulkhead::new(KeyedBulkheadConfig { each, max_keys: 1 });
    let compartment = granted(&mut core, 1).unwrap();
    let (_, Admission::Queued { ticket, .. }) = core.on_call(1) else { panic!() };
    assert_eq!(core.on_released(compartment), Some(ticket));
    assert_eq!(granted(&mut core, 2), None, "the permit is granted, if not claimed yet");
    assert!(core.on_claimed(compartment, ticket));
    core.on_released(compartment);
    assert!(granted(&mut core, 2).is_some());
}

proptest! {
    /// The same where calls may wait, and leave whenever they like: who waits waits for a permit of
    /// his own key, nobody waits for nothing, and a place in use is never given away.
    #[test]
    fn waiters_are_conserved_for_each_key(
        limit in 1u32..3,
        max_keys in 1u32..4,
        events in prop::collection::vec((0u8..6, 0u64..6, 0usize..8), 0..300),
    ) {
        let each = BulkheadConfig { limit, max_wait: ms(5), max_waiting: Some(3) };
        let mut core = KeyedBulkhead::new(KeyedBulkheadConfig { each, max_keys });
        // Calls with their key and place: those that run, that wait, and that do not know yet.
        let (mut held, mut line, mut granted) = (Vec::new(), Vec::new(), Vec::new());
        for (event, key, which) in events {
            let mut next = None;
            match event {
                0..=2 => match core.on_call(key) {
                    (place, Admission::Granted) => held.push((key, place)),
                    (place, Admission::Queued { ticket, .. }) => line.push((key, place, ticket)),
                    (_, Admission::Rejected(_)) => {}
                },
                3 if which < held.len() => {
                    let (key, place) = held.remove(which);
                    next = core.on_released(place).map(|ticket| (key, place, ticket));
                }
                4 if which < line.len() => {
                    let (_, place, ticket) = line.remove(which);
                    prop_assert_eq!(core.on_left(place, ticket), None);
                }
                4 if !granted.is_empty() => {
                    let (key, place, ticket) = granted.remove(0);
                    next = core.on_left(place, ticket).map(|ticket| (key, place, ticket));
                }
                5 if !granted.is_empty() => {
                    let (key, place, ticket) = granted.remove(0);
                    prop_assert!(core.on_claimed(place, ticket));
                    held.push((key, place));
                }
                _ => {}
            }
            if let Some(turn) = next {
                let first = line.iter().position(|(key, ..)| *key == turn.0);
                prop_assert_eq!(line.remove(first.unwrap()), turn, "first come, first served");
                granted.push(turn);
            }
            let mut under_way = BTreeMap::<u64, u32>::new();
            let running = held.iter().copied().chain(granted.iter().map(|(key, place, _)| (*key, *place)));
            running.for_each(|(key, _)| *under_way.entry(key).or_default() += 1);
            prop_assert!(under_way.values().all(|count| *count <= limit));
            prop_assert_eq!(core.in_flight() as usize, held.len() + granted.len());
            prop_assert_eq!(core.waiting() as usize, line.len());
            prop_assert!(line.iter().all(|(key, ..)| under_way.get(key) == Some(&limit)));
            prop_assert!(core.keys() <= max_keys);
        }
    }

    /// No key ever has more under way than its limit, and nothing under way is lost.
    #[test]
    fn permits_are_conserved_for_each_key(
        limit in 1u32..3,
        max_keys in 1u32..4,
        events in prop::collection::vec((any::<bool>(), 0u64..6, 0usize..8), 0..300),
    ) {
        let mut core = KeyedBulkhead::new(config(limit, max_keys));
        let mut held: Vec<(u64, u32)> = Vec::new();
        for (comes, key, which) in events {
            if comes {
                if let Some(compartment) = granted(&mut core, key) {
                    held.push((key, compartment));
                }
            } else if which < held.len() {
                core.on_released(held.remove(which).1);
            }
            let mut under_way = BTreeMap::<u64, u32>::new();
            held.iter().for_each(|(key, _)| *under_way.entry(*key).or_default() += 1);
            prop_assert!(under_way.values().all(|count| *count <= limit));
            prop_assert_eq!(core.in_flight() as usize, held.len());
            prop_assert!(core.keys() <= max_keys);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_layer_takes_the_key_from_the_request() {
    let (world, observe) = (TestWorld::new(), Arc::<Recorder>::default());
    let server = Server::new(world, &[Step::Hang]);
    let by_priority = Box::new(|request: &Context| u64::from(request.context().baggage.priority));
    let layer = BulkheadLayer::keyed(config(1, 10), by_priority, env(world, &observe), server);
    let request = |priority| Context::new(Baggage { priority, ..safe().baggage });
    let hung = [0, 1].map(|priority| tokio::spawn(layer.clone().call(request(priority))));
    tokio::task::yield_now().await;
    assert_eq!(layer.in_flight(), 2);
    assert!(matches!(layer.clone().call(request(1)).await, Err(Failure::Rejected(_))));
    hung.iter().for_each(tokio::task::JoinHandle::abort);
    for call in hung {
        assert!(call.await.is_err());
    }
    assert_eq!(layer.in_flight(), 0);
}
