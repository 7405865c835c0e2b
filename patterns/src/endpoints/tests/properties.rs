//! Calls that begin and end while endpoints come, go, rest and are ejected.

use std::collections::BTreeMap;

use cascadia_runtime::Stream;
use proptest::prelude::*;

use super::*;
use crate::balance::{BalanceKind, Chooser, Wish};
use crate::call::{Apart, Tried};
use crate::testing::at;

const KINDS: [BalanceKind; 4] =
    [BalanceKind::RoundRobin, BalanceKind::Random, BalanceKind::LeastConnections, BalanceKind::P2c];

#[derive(Clone, Copy, Debug)]
enum Event {
    Join,
    Return(u64),
    Drain(u64),
    Leave(u64),
    Eject(u64),
    Restore(u64),
    Rest(u64, u64),
    Pause(u64),
    Call,
    Retry,
    Copy,
    End(usize),
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        3 => Just(Event::Join),
        1 => (0u64..12).prop_map(Event::Return),
        1 => (0u64..12).prop_map(Event::Drain),
        2 => (0u64..12).prop_map(Event::Leave),
        2 => (0u64..12).prop_map(Event::Eject),
        1 => (0u64..12).prop_map(Event::Restore),
        1 => (0u64..12, 0u64..20).prop_map(|(endpoint, span)| Event::Rest(endpoint, span)),
        1 => (0u64..20).prop_map(Event::Pause),
        8 => Just(Event::Call),
        3 => Just(Event::Retry),
        3 => Just(Event::Copy),
        8 => (0usize..64).prop_map(Event::End),
    ];
    prop::collection::vec(event, 1..200)
}

/// What a set that is nothing but a map would know.
#[derive(Default)]
struct Books {
    /// Those that may be chosen, and whether they are ejected.
    members: BTreeMap<u64, bool>,
    draining: Vec<u64>,
    open: Vec<Booking>,
    joined: u64,
}

impl Books {
    fn under_way(&self, endpoint: u64) -> u32 {
        self.open.iter().filter(|booking| booking.endpoint() == key(endpoint)).count() as u32
    }

    fn all_ejected(&self) -> bool {
        self.members.values().all(|ejected| *ejected)
    }
}

proptest! {
    #[test]
    fn no_history_sends_to_who_is_gone_or_books_a_call_on_another(
        kind in prop::sample::select(&KINDS),
        events in events(),
        seed: u64,
    ) {
        let (mut set, mut books) = (set(0), Books::default());
        let (mut chooser, mut stream) = (Chooser::new(kind.build()), Stream::from_seed(seed));
        let (tried, apart) = (Tried::default(), Apart::default());
        let mut now = 0;
        for event in events {
            let wish = Wish { now: at(now), key: None, tried: None };
            let (mut booking, before) = (None, books.open.len());
            match event {
                Event::Join => {
                    prop_assert!(join(&mut set, books.joined));
                    books.members.insert(books.joined, false);
                    books.joined += 1;
                }
                Event::Return(endpoint) => {
                    let stays = books.members.contains_key(&endpoint)
                        || books.draining.contains(&endpoint);
                    if endpoint < books.joined {
                        prop_assert_eq!(join(&mut set, endpoint), !stays);
                        if !stays {
                            books.members.insert(endpoint, false);
                        }
                    }
                }
                Event::Drain(endpoint) => {
                    let was_member = books.members.remove(&endpoint).is_some();
                    prop_assert_eq!(set.change(SetChange::Drain(key(endpoint))), was_member);
                    books.draining.extend(was_member.then_some(endpoint));
                }
                Event::Leave(endpoint) => {
                    let known = books.draining.contains(&endpoint);
                    let known = books.members.remove(&endpoint).is_some() || known;
                    books.draining.retain(|other| *other != endpoint);
                    prop_assert_eq!(set.change(SetChange::Leave(key(endpoint))), known);
                }
                Event::Eject(endpoint) => {
                    set.eject(key(endpoint));
                    books.members.entry(endpoint).and_modify(|ejected| *ejected = true);
                }
                Event::Restore(endpoint) => {
                    set.restore(key(endpoint));
                    books.members.entry(endpoint).and_modify(|ejected| *ejected = false);
                }
                Event::Rest(endpoint, span) => set.rest(key(endpoint), at(now + span)),
                Event::Pause(span) => now += span,
                Event::Call => {
                    booking = chooser.on_call(&mut set, wish, &mut stream);
                    prop_assert_eq!(booking.is_none(), books.members.is_empty());
                }
                Event::Retry => {
                    let wish = Wish { tried: Some(&tried), ..wish };
                    booking = chooser.on_call(&mut set, wish, &mut stream);
                    prop_assert_eq!(booking.is_none(), books.members.is_empty());
                    booking.iter().for_each(|booking| tried.goes_to(booking.endpoint()));
                }
                Event::Copy => {
                    let taken = |endpoint| apart.is_taken(1, endpoint);
                    booking = chooser.on_copy(&mut set, wish, taken, &mut stream);
                    if let Some(booking) = booking {
                        prop_assert!(!apart.is_taken(1, booking.endpoint()));
                        prop_assert!(!books.members[&booking.endpoint().number()]);
                        apart.goes_to(0, booking.endpoint());
                    }
                }
                Event::End(call) if before > 0 => {
                    set.on_ended(books.open.swap_remove(call % before));
                }
                Event::End(_) => {}
            }
            if let Some(booking) = booking {
                let ejected = books.members.get(&booking.endpoint().number());
                prop_assert!(ejected.is_some_and(|ejected| !ejected || books.all_ejected()));
                books.open.push(booking);
            }
            prop_assert_eq!(keys(&set), books.members.keys().copied().collect::<Vec<_>>());
            for endpoint in 0..books.joined {
                let known = books.members.contains_key(&endpoint)
                    || books.draining.contains(&endpoint)
                    || books.under_way(endpoint) > 0;
                let under_way = known.then(|| books.under_way(endpoint));
                prop_assert_eq!(set.outstanding(key(endpoint)), under_way);
            }
        }
        books.open.drain(..).for_each(|booking| set.on_ended(booking));
        for endpoint in &books.draining {
            prop_assert!(set.change(SetChange::Leave(key(*endpoint))));
        }
        prop_assert_eq!(set.all_outstanding().sum::<u32>(), 0);
        prop_assert_eq!(set.all_outstanding().count(), books.members.len(), "nobody is left over");
    }

    /// However members come and go, between two changes each has its turn as often as the others.
    #[test]
    fn round_robin_is_fair_to_within_one_between_two_changes(
        changes in prop::collection::vec((any::<bool>(), 0u64..12, 0u32..40), 1..30),
        seed: u64,
    ) {
        let (mut set, mut stream) = (set(2), Stream::from_seed(seed));
        let (mut chooser, mut joined) = (Chooser::new(BalanceKind::RoundRobin.build()), 2);
        let wish = Wish { now: at(0), key: None, tried: None };
        for (joins, endpoint, calls) in changes {
            if joins {
                joined += u64::from(join(&mut set, joined));
            } else {
                set.change(SetChange::Leave(key(endpoint)));
            }
            let mut counts: BTreeMap<u64, u32> = keys(&set).into_iter().map(|key| (key, 0)).collect();
            for _ in 0..calls {
                let Some(booking) = chooser.on_call(&mut set, wish, &mut stream) else { break };
                *counts.get_mut(&booking.endpoint().number()).unwrap() += 1;
                set.on_ended(booking);
            }
            let (least, most) = (counts.values().min(), counts.values().max());
            prop_assert!(least.zip(most).is_none_or(|(least, most)| most - least <= 1));
        }
    }

    /// Who joins an idle set is chosen by each rule before long.
    #[test]
    fn who_joins_is_chosen_from_then_on(kind in prop::sample::select(&KINDS), seed: u64) {
        let (mut set, mut stream) = (set(3), Stream::from_seed(seed));
        let mut chooser = Chooser::new(kind.build());
        let wish = Wish { now: at(0), key: None, tried: None };
        for position in [0, 1, 2] {
            set.book(position);
        }
        join(&mut set, 3);
        let mut first = |_: &u32| {
            let booking = chooser.on_call(&mut set, wish, &mut stream).unwrap();
            set.on_ended(booking);
            booking.endpoint() == key(3)
        };
        let within = (1..=200).find(&mut first);
        let most = match kind {
            BalanceKind::LeastConnections => 1,
            BalanceKind::RoundRobin => 4,
            _ => 200,
        };
        prop_assert!(within.is_some_and(|within| within <= most), "{:?}", within);
    }
}
