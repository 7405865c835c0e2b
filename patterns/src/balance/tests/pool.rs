//! Who is chosen among endpoints that rest, are ejected or were tried.

use std::cell::RefCell;
use std::collections::BTreeSet;

use cascadia_runtime::{Stream, Time};
use proptest::prelude::*;

use super::super::{BalanceKind, Pool, Wish};
use crate::call::{Status, Tried};
use crate::testing::at;

const KINDS: [BalanceKind; 4] =
    [BalanceKind::RoundRobin, BalanceKind::Random, BalanceKind::LeastConnections, BalanceKind::P2c];

/// A pool, and how its endpoints are.
struct Bench {
    pool: Pool,
    stream: Stream,
    status: RefCell<Vec<Status>>,
}

impl Bench {
    fn new(kind: BalanceKind, endpoints: usize) -> Self {
        Self {
            pool: Pool::new(kind.build(), endpoints),
            stream: Stream::from_seed(1),
            status: RefCell::new(vec![Status::Ready; endpoints]),
        }
    }

    fn rest(&self, endpoint: usize, until: Time) {
        self.status.borrow_mut()[endpoint] = Status::Rests { until };
    }

    fn wake(&self, endpoint: usize) {
        self.status.borrow_mut()[endpoint] = Status::Ready;
    }

    fn call(&mut self, wish: Wish<'_>) -> usize {
        let status = self.status.borrow();
        self.pool.on_call(wish, |index| status[index], &mut self.stream).unwrap()
    }

    /// Where a further copy of a call goes whose first one went to `taken`.
    fn copy(&mut self, wish: Wish<'_>, taken: usize) -> Option<usize> {
        let status = self.status.borrow();
        let taken = |index| index == taken;
        let index = self.pool.on_copy(wish, taken, |index| status[index], &mut self.stream)?;
        self.pool.on_ended(index);
        Some(index)
    }

    /// Where thirty of them go that end at once.
    fn copies(&mut self, wish: Wish<'_>, taken: usize) -> BTreeSet<Option<usize>> {
        (0..30).map(|_| self.copy(wish, taken)).collect()
    }

    /// Where thirty calls go that end at once.
    fn chosen(&mut self, wish: Wish<'_>) -> BTreeSet<usize> {
        let call = |_| {
            let index = self.call(wish);
            self.pool.on_ended(index);
            index
        };
        (0..30).map(call).collect()
    }
}

fn plain(now: u64) -> Wish<'static> {
    Wish { now: at(now), ejected: &[], tried: None }
}

#[test]
fn what_is_ejected_is_chosen_only_where_all_are() {
    let mut bench = Bench::new(BalanceKind::Random, 3);
    let ejected = |ejected| Wish { ejected, ..plain(0) };
    assert_eq!(bench.chosen(ejected(&[true, false, true])), [1].into());
    bench.rest(1, at(10));
    assert_eq!(bench.chosen(ejected(&[true, false, true])), [1].into(), "though it rests");
    assert_eq!(bench.chosen(ejected(&[false, false, true])), [0].into());
    assert_eq!(bench.chosen(ejected(&[true; 3])), [0, 2].into(), "all are, and one of them rests");
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
        bench.pool.on_open(1, at(40));
        assert_eq!(bench.chosen(plain(0)), [2].into(), "{kind:?}");
    }
}

#[test]
fn what_an_answer_said_holds_until_then() {
    for kind in KINDS {
        let mut bench = Bench::new(kind, 2);
        bench.pool.on_open(0, at(10));
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
        tried.goes_to(0);
        assert_eq!(bench.chosen(wish()), [1, 2].into(), "{kind:?}");
        tried.goes_to(2);
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
        tried.goes_to(2);
        let wish = || Wish { tried: Some(&tried), ..plain(0) };
        assert_eq!(bench.copies(wish(), 0), [Some(3)].into(), "{kind:?}: another one is better");
        bench.rest(3, at(10));
        assert_eq!(bench.copies(wish(), 0), [Some(2)].into(), "{kind:?}: but not one that rests");
        let ejected = Wish { ejected: &[false, false, true, false], ..plain(0) };
        assert_eq!(bench.copies(ejected, 0), [None].into(), "{kind:?}");
        bench.wake(3);
        assert_eq!(bench.copies(ejected, 0), [Some(3)].into(), "{kind:?}: it is awake again");
    }
}

#[test]
fn a_wait_is_needless_where_another_endpoint_is_awake_and_untried() {
    let bench = Bench::new(BalanceKind::P2c, 2);
    let has = |wish| bench.pool.has_another(0, wish, |index| bench.status.borrow()[index]);
    assert!(has(plain(0)));
    assert!(!has(Wish { ejected: &[false, true], ..plain(0) }));
    let tried = Tried::default();
    tried.goes_to(0);
    assert!(has(Wish { tried: Some(&tried), ..plain(0) }));
    tried.goes_to(1);
    assert!(!has(Wish { tried: Some(&tried), ..plain(0) }));
    bench.rest(1, Time::MAX);
    assert!(!has(plain(0)));
}

proptest! {
    /// However many copies of a call are kept apart, each endpoint has its turn as often as the
    /// others, to within a turn for each copy.
    #[test]
    fn turns_belong_to_endpoints(
        endpoints in 2usize..7,
        copies in 1usize..5,
        seed: u64,
    ) {
        let copies = copies.min(endpoints);
        let mut pool = Pool::new(BalanceKind::RoundRobin.build(), endpoints);
        let mut stream = Stream::from_seed(seed);
        let mut counts = vec![0u32; endpoints];
        let ready = |_| Status::Ready;
        for _ in 0..600 {
            let mut taken = vec![pool.on_call(plain(0), ready, &mut stream).unwrap()];
            for _ in 1..copies {
                let others = taken.clone();
                let free = |index: usize| others.contains(&index);
                taken.extend(pool.on_copy(plain(0), free, ready, &mut stream));
            }
            prop_assert_eq!(taken.iter().collect::<BTreeSet<_>>().len(), copies);
            taken.iter().for_each(|index| counts[*index] += 1);
        }
        let (least, most) = (counts.iter().min().unwrap(), counts.iter().max().unwrap());
        prop_assert!(most - least <= copies as u32, "{:?}", counts);
    }

    /// Whatever happens, a call goes to an endpoint that is awake if one is, and by the pool's
    /// books nothing is lost.
    #[test]
    fn who_is_chosen_is_awake_where_anybody_is(
        kind in prop::sample::select(&KINDS),
        events in prop::collection::vec((0u8..4, 0usize..5, 0u64..4), 1..200),
    ) {
        let mut bench = Bench::new(kind, 5);
        let (mut now, mut open) = (0, Vec::new());
        for (event, endpoint, span) in events {
            match event {
                0 => bench.rest(endpoint, at(now + span)),
                1 => bench.wake(endpoint),
                2 => now += span,
                _ => {
                    let index = bench.call(plain(now));
                    let status = bench.status.borrow().clone();
                    let anybody = status.contains(&Status::Ready);
                    prop_assert!(!anybody || status[index] == Status::Ready);
                    open.push(index);
                    if open.len() > 6 {
                        bench.pool.on_ended(open.remove(0));
                    }
                }
            }
            let total: u32 = bench.pool.outstanding().sum();
            prop_assert_eq!(total as usize, open.len());
        }
    }
}
