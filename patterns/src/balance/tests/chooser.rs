//! Who is chosen among endpoints that rest, are ejected or were tried.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::rc::Rc;

use cascadia_runtime::{Stream, Time};
use proptest::prelude::*;

use super::super::{BalanceKind, Chooser, Wish};
use crate::call::{Status, Tried};
use crate::endpoints::{Booking, Endpoint, EndpointKey, EndpointSet, SetChange, Way};
use crate::testing::{at, key};

const KINDS: [BalanceKind; 4] =
    [BalanceKind::RoundRobin, BalanceKind::Random, BalanceKind::LeastConnections, BalanceKind::P2c];

/// A way whose status the test says.
#[derive(Clone, Debug)]
struct Said(Rc<Cell<Status>>);

impl Way for Said {
    fn status(&self, _: Time) -> Status {
        self.0.get()
    }
}

/// A balancer, its endpoints and how they are.
struct Bench {
    chooser: Chooser,
    set: EndpointSet<Said>,
    stream: Stream,
}

impl Bench {
    fn new(kind: BalanceKind, endpoints: u64) -> Self {
        let (chooser, stream) = (Chooser::new(kind.build()), Stream::from_seed(1));
        let mut bench = Self { chooser, set: EndpointSet::default(), stream };
        (0..endpoints).for_each(|endpoint| bench.join(endpoint));
        bench
    }

    fn join(&mut self, endpoint: u64) {
        let way = Said(Rc::new(Cell::new(Status::Ready)));
        self.set.change(SetChange::Join { endpoint: Endpoint::new(key(endpoint)), way });
    }

    fn becomes(&self, endpoint: u64, status: Status) {
        self.set.way(key(endpoint)).unwrap().0.set(status);
    }

    fn rest(&self, endpoint: u64, until: Time) {
        self.becomes(endpoint, Status::Rests { until });
    }

    fn wake(&self, endpoint: u64) {
        self.becomes(endpoint, Status::Ready);
    }

    fn eject(&mut self, endpoints: &[u64]) {
        (0..9).for_each(|endpoint| self.set.restore(key(endpoint)));
        endpoints.iter().for_each(|endpoint| self.set.eject(key(*endpoint)));
    }

    fn call(&mut self, wish: Wish<'_>) -> Booking {
        self.chooser.on_call(&mut self.set, wish, &mut self.stream).unwrap()
    }

    /// Where a further copy of a call goes that has others at `taken`.
    fn copy(&mut self, wish: Wish<'_>, taken: &[u64]) -> Option<Booking> {
        let taken = |endpoint: EndpointKey| taken.contains(&endpoint.number());
        self.chooser.on_copy(&mut self.set, wish, taken, &mut self.stream)
    }

    /// Where thirty of them go that end at once.
    fn copies(&mut self, wish: Wish<'_>, taken: u64) -> BTreeSet<Option<u64>> {
        let copy = |_| {
            let booking = self.copy(wish, &[taken])?;
            self.set.on_ended(booking);
            Some(booking.endpoint().number())
        };
        (0..30).map(copy).collect()
    }

    /// Where thirty calls go that end at once.
    fn chosen(&mut self, wish: Wish<'_>) -> BTreeSet<u64> {
        let call = |_| {
            let booking = self.call(wish);
            self.set.on_ended(booking);
            booking.endpoint().number()
        };
        (0..30).map(call).collect()
    }
}

fn plain(now: u64) -> Wish<'static> {
    Wish { now: at(now), key: None, tried: None }
}

#[test]
fn what_is_ejected_is_chosen_only_where_all_are() {
    let mut bench = Bench::new(BalanceKind::Random, 3);
    bench.eject(&[0, 2]);
    assert_eq!(bench.chosen(plain(0)), [1].into());
    bench.rest(1, at(10));
    assert_eq!(bench.chosen(plain(0)), [1].into(), "though it rests");
    bench.eject(&[2]);
    assert_eq!(bench.chosen(plain(0)), [0].into());
    bench.eject(&[0, 1, 2]);
    assert_eq!(bench.chosen(plain(0)), [0, 2].into(), "all are, and one of them rests");
}

#[test]
fn nobody_who_rests_is_chosen_by_any_rule_and_everybody_is_once_awake() {
    for kind in KINDS {
        let mut bench = Bench::new(kind, 4);
        for index in 0..4 {
            bench.rest(index, Time::MAX);
            assert!(!bench.chosen(plain(0)).contains(&index), "{kind:?}");
            bench.wake(index);
            assert_eq!(bench.chosen(plain(0)).len(), 4, "{kind:?}");
        }
    }
}

#[test]
fn where_all_rest_it_is_the_one_that_is_back_first() {
    for kind in KINDS {
        let mut bench = Bench::new(kind, 3);
        bench.rest(0, Time::MAX);
        bench.rest(1, at(20));
        bench.rest(2, at(30));
        assert_eq!(bench.chosen(plain(0)), [1].into(), "{kind:?}");
        bench.set.rest(key(1), at(40));
        assert_eq!(bench.chosen(plain(0)), [2].into(), "{kind:?}");
    }
}

#[test]
fn what_an_answer_said_holds_until_then() {
    for kind in KINDS {
        let mut bench = Bench::new(kind, 2);
        bench.set.rest(key(0), at(10));
        assert_eq!(bench.chosen(plain(9)), [1].into(), "{kind:?}");
        assert_eq!(bench.chosen(plain(10)).len(), 2, "{kind:?}");
    }
}

#[test]
fn another_try_goes_where_there_was_none_and_then_not_to_the_last() {
    for kind in KINDS {
        let mut bench = Bench::new(kind, 3);
        let tried = Tried::default();
        let wish = || Wish { tried: Some(&tried), ..plain(0) };
        tried.goes_to(key(0));
        assert_eq!(bench.chosen(wish()), [1, 2].into(), "{kind:?}");
        tried.goes_to(key(2));
        assert_eq!(bench.chosen(wish()), [1].into(), "{kind:?}");
        bench.rest(1, Time::MAX);
        assert_eq!(bench.chosen(wish()), [0].into(), "{kind:?}: what rests is no choice");
        bench.rest(0, Time::MAX);
        assert_eq!(bench.chosen(wish()), [2].into(), "{kind:?}: it is the only one awake");
        bench.rest(2, at(1));
        assert_eq!(bench.chosen(wish()), [2].into(), "{kind:?}: it is back first");
    }
}

#[test]
fn a_copy_goes_to_nobody_who_rests_and_rather_nowhere() {
    for kind in KINDS {
        let mut bench = Bench::new(kind, 4);
        bench.rest(1, Time::MAX);
        assert_eq!(bench.copies(plain(0), 0), [Some(2), Some(3)].into(), "{kind:?}");
        let tried = Tried::default();
        tried.goes_to(key(2));
        let wish = || Wish { tried: Some(&tried), ..plain(0) };
        assert_eq!(bench.copies(wish(), 0), [Some(3)].into(), "{kind:?}: another one is better");
        bench.rest(3, at(10));
        assert_eq!(bench.copies(wish(), 0), [Some(2)].into(), "{kind:?}: but not one that rests");
        bench.eject(&[2]);
        assert_eq!(bench.copies(plain(0), 0), [None].into(), "{kind:?}");
        bench.wake(3);
        assert_eq!(bench.copies(plain(0), 0), [Some(3)].into(), "{kind:?}: it is awake again");
    }
}

#[test]
fn a_wait_is_needless_where_another_endpoint_is_awake_and_untried() {
    let mut bench = Bench::new(BalanceKind::P2c, 2);
    let has = |bench: &Bench, wish: Wish<'_>| {
        bench.set.has_another(key(0), wish.now, |other| wish.is_untried(other))
    };
    assert!(has(&bench, plain(0)));
    bench.eject(&[1]);
    assert!(!has(&bench, plain(0)));
    bench.eject(&[]);
    let tried = Tried::default();
    tried.goes_to(key(0));
    assert!(has(&bench, Wish { tried: Some(&tried), ..plain(0) }));
    tried.goes_to(key(1));
    assert!(!has(&bench, Wish { tried: Some(&tried), ..plain(0) }));
    bench.rest(1, Time::MAX);
    assert!(!has(&bench, plain(0)));
}

proptest! {
    /// However many copies of a call are kept apart, each endpoint has its turn as often as the
    /// others, to within a turn for each copy.
    #[test]
    fn turns_belong_to_endpoints(
        endpoints in 2u64..7,
        copies in 1u64..5,
        seed: u64,
    ) {
        let copies = copies.min(endpoints) as usize;
        let mut bench = Bench::new(BalanceKind::RoundRobin, endpoints);
        bench.stream = Stream::from_seed(seed);
        let mut counts = vec![0u32; endpoints as usize];
        for _ in 0..600 {
            let mut taken = vec![bench.call(plain(0)).endpoint().number()];
            for _ in 1..copies {
                let copy = bench.copy(plain(0), &taken);
                taken.extend(copy.map(|booking| booking.endpoint().number()));
            }
            prop_assert_eq!(taken.iter().collect::<BTreeSet<_>>().len(), copies);
            taken.iter().for_each(|endpoint| counts[*endpoint as usize] += 1);
        }
        let (least, most) = (counts.iter().min().unwrap(), counts.iter().max().unwrap());
        prop_assert!(most - least <= copies as u32, "{:?}", counts);
    }

    /// Whatever happens, a call goes to an endpoint that is awake if one is, and by the books
    /// nothing is lost.
    #[test]
    fn who_is_chosen_is_awake_where_anybody_is(
        kind in prop::sample::select(&KINDS),
        events in prop::collection::vec((0u8..4, 0u64..5, 0u64..4), 1..200),
    ) {
        let mut bench = Bench::new(kind, 5);
        let (mut now, mut open) = (0, Vec::new());
        for (event, endpoint, span) in events {
            match event {
                0 => bench.rest(endpoint, at(now + span)),
                1 => bench.wake(endpoint),
                2 => now += span,
                _ => {
                    let booking = bench.call(plain(now));
                    let is_ready = |number: u64| {
                        bench.set.way(key(number)).unwrap().status(at(now)) == Status::Ready
                    };
                    let anybody = (0..5).any(is_ready);
                    prop_assert!(!anybody || is_ready(booking.endpoint().number()));
                    open.push(booking);
                    if open.len() > 6 {
                        bench.set.on_ended(open.remove(0));
                    }
                }
            }
            let total: u32 = bench.set.all_outstanding().sum();
            prop_assert_eq!(total as usize, open.len());
        }
    }
}
