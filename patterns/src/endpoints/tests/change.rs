//! Members that come and go.

use super::*;
use crate::testing::at;

#[test]
fn they_are_in_the_order_of_their_keys_however_they_joined() {
    let mut set = set(0);
    assert!([5, 1, 9, 3].iter().all(|number| join(&mut set, *number)));
    assert_eq!(keys(&set), [1, 3, 5, 9]);
    assert!(set.change(SetChange::Leave(key(3))));
    assert_eq!(keys(&set), [1, 5, 9]);
}

#[test]
fn the_end_of_a_call_is_booked_on_its_endpoint_and_not_on_who_took_its_place() {
    let mut set = set(3);
    let calls = [0, 1, 1, 2].map(|position| set.book(position));
    set.change(SetChange::Leave(key(1)));
    join(&mut set, 3);
    assert_eq!(set.book(1).endpoint(), key(2));
    assert_eq!([0, 1, 2, 3].map(|number| set.outstanding(key(number)).unwrap()), [1, 2, 2, 0]);
    calls[..3].iter().for_each(|call| set.on_ended(*call));
    assert_eq!([0, 2, 3].map(|number| set.outstanding(key(number)).unwrap()), [0, 2, 0]);
    assert_eq!(set.outstanding(key(1)), None, "it is forgotten with its last call");
    set.on_ended(calls[3]);
    assert_eq!(set.outstanding(key(2)), Some(1));
}

#[test]
fn who_drains_is_known_until_it_leaves() {
    let mut set = set(2);
    let call = set.book(0);
    assert!(set.change(SetChange::Drain(key(0))) && !set.change(SetChange::Drain(key(0))));
    set.on_ended(call);
    assert_eq!(set.status(key(0), at(0)), Some(EndpointStatus::Draining));
    assert_eq!((keys(&set), set.outstanding(key(0))), (vec![1], Some(0)));
    assert!(set.change(SetChange::Leave(key(0))) && !set.change(SetChange::Leave(key(0))));
    assert_eq!((set.status(key(0), at(0)), set.outstanding(key(0))), (None, None));
}

#[test]
fn nobody_joins_under_a_key_of_a_member() {
    let mut set = set(1);
    let call = set.book(0);
    assert!(!join(&mut set, 0), "a member");
    set.change(SetChange::Drain(key(0)));
    assert!(!join(&mut set, 0), "draining");
    set.change(SetChange::Leave(key(0)));
    set.on_ended(call);
    assert_eq!(set.all_outstanding().count(), 0);
}

/// A call may hang for ever, and must not keep its endpoint away.
#[test]
fn who_has_left_comes_back_with_the_calls_that_it_still_has() {
    let mut set = set(2);
    let calls = [0, 0, 1].map(|position| set.book(position));
    set.change(SetChange::Leave(key(0)));
    assert!(join(&mut set, 0) && !join(&mut set, 0));
    assert_eq!((keys(&set), set.outstanding(key(0))), (vec![0, 1], Some(2)));
    set.on_ended(calls[0]);
    set.change(SetChange::Leave(key(0)));
    set.on_ended(calls[1]);
    assert_eq!(set.all_outstanding().collect::<Vec<_>>(), [1]);
}

#[test]
fn who_leaves_takes_its_rest_and_its_ejection_along() {
    let mut set = set(3);
    set.rest(key(0), at(10));
    set.eject(key(1));
    assert_eq!(set.status(key(0), at(9)), Some(EndpointStatus::Rests { until: at(10) }));
    assert_eq!(set.status(key(1), at(9)), Some(EndpointStatus::Ejected));
    assert_eq!(set.status(key(2), at(9)), Some(EndpointStatus::Ready));
    assert!(!set.is_well());
    set.change(SetChange::Leave(key(0)));
    set.change(SetChange::Drain(key(1)));
    assert!(set.is_well());
    set.eject(key(1));
    set.rest(key(0), at(20));
    assert!(set.is_well(), "what is said of those that are gone changes nothing");
}

#[test]
fn rules_see_what_an_endpoint_can_take_and_others_what_was_said_of_it() {
    let mut set = set(1);
    let labels: std::sync::Arc<[_]> = [("zone".to_owned(), "a".to_owned())].into();
    let way = set.way(key(0)).unwrap().clone();
    let endpoint = Endpoint { weight: 3, labels: labels.clone(), ..Endpoint::new(key(1)) };
    assert!(set.change(SetChange::Join { endpoint, way }));
    let weights = |set: &EndpointSet<Said>| -> Vec<u32> {
        set.candidates().iter().map(|candidate| candidate.weight).collect()
    };
    assert_eq!(weights(&set), [1, 3]);
    assert!(set.change(SetChange::Weigh { endpoint: key(0), weight: 5 }));
    assert!(!set.change(SetChange::Weigh { endpoint: key(0), weight: 5 }));
    assert!(!set.change(SetChange::Weigh { endpoint: key(7), weight: 5 }));
    assert_eq!(weights(&set), [5, 3]);
    assert_eq!(set.labels(key(1)), Some(&*labels));
}
