//! Bulkheads, limits, rate limits and shedders.

use std::collections::VecDeque;
use std::time::Duration;

use cascadia_patterns::bulkhead::{
    Admission, Bulkhead, BulkheadConfig, KeyedBulkhead, KeyedBulkheadConfig, Pool, PoolConfig,
};
use cascadia_patterns::limit::{
    self, AimdConfig, Answer, Gradient2Config, GradientConfig, LimitConfig, Limiter, VegasConfig,
};
use cascadia_patterns::rate_limit::{Algorithm, Decision, Rate, RateLimit, RateLimitConfig};
use cascadia_patterns::shed::{
    CodelConfig, Dagor, DagorConfig, Discipline, DisciplineConfig, Order,
};
use cascadia_runtime::{Stream, Time};

use super::super::allocations;
use super::{End, turns};

const LONG: Duration = Duration::from_secs(1);
/// Those who wait in a queue, more than a node of a tree holds.
const CROWD: usize = 50;

/// Keeps a crowd waiting, of which one leaves from the middle for each that is served.
#[test]
fn a_bulkhead_allocates_nothing() {
    let mut core = Bulkhead::new(BulkheadConfig { limit: 1, max_wait: LONG, max_waiting: None });
    let mut crowd = VecDeque::with_capacity(2 * CROWD);
    assert_eq!(core.on_call(), Admission::Granted);
    let count = allocations(|_| {
        while crowd.len() < CROWD {
            let Admission::Queued { ticket, .. } = core.on_call() else { panic!("it is full") };
            crowd.push_back(ticket);
        }
        let leaves = crowd.remove(CROWD / 2).unwrap();
        assert_eq!(core.on_left(leaves), None);
        let served = crowd.pop_front();
        assert_eq!(core.on_released(), served);
        assert!(core.on_claimed(served.unwrap()));
    });
    assert_eq!(count, 0);
}

#[test]
fn a_pool_allocates_nothing() {
    let keepalive = Duration::from_millis(3);
    let config = PoolConfig { core: 1, max: 3, queue: CROWD as u32, keepalive, max_wait: LONG };
    let mut core = Pool::new(config);
    let mut crowd = VecDeque::with_capacity(2 * CROWD);
    let mut end = turns();
    let count = allocations(|now| {
        loop {
            match core.on_call(now) {
                Admission::Granted => {}
                Admission::Queued { ticket, .. } => crowd.push_back(ticket),
                Admission::Rejected(_) => break,
            }
        }
        if end() == End::Cancel {
            let leaves = crowd.pop_back().expect("there is a crowd");
            assert_eq!(core.on_left(now, leaves), None);
        }
        while let Some(next) = core.on_released(now) {
            assert_eq!(crowd.pop_front(), Some(next));
            assert!(core.on_claimed(next));
        }
        while core.in_flight() > 0 {
            assert_eq!(core.on_released(now), None);
        }
    });
    assert_eq!(count, 0);
}

/// A new key allocates now and then; one that is known does not.
#[test]
fn a_keyed_bulkhead_allocates_nothing() {
    let each = BulkheadConfig { limit: 1, max_wait: LONG, max_waiting: None };
    let mut core = KeyedBulkhead::new(KeyedBulkheadConfig { each, max_keys: 100 });
    let mut key = 0;
    let count = allocations(|_| {
        key = (key + 7) % 100;
        let (compartment, admission) = core.on_call(key);
        assert_eq!(admission, Admission::Granted);
        let (_, Admission::Queued { ticket, .. }) = core.on_call(key) else { panic!() };
        assert_eq!(core.on_released(compartment), Some(ticket));
        assert!(core.on_claimed(compartment, ticket));
        let (_, Admission::Queued { ticket, .. }) = core.on_call(key) else { panic!() };
        assert_eq!(core.on_left(compartment, ticket), None);
        assert_eq!(core.on_released(compartment), None);
    });
    assert_eq!(count, 0);
}

#[test]
fn a_limit_allocates_nothing() {
    let update = Duration::from_millis(50);
    let gradient = GradientConfig { update, min_rtt_interval: LONG, ..GradientConfig::default() };
    let each = [
        limit::Algorithm::Aimd(AimdConfig::default()),
        limit::Algorithm::Vegas(VegasConfig::default()),
        limit::Algorithm::Gradient2(Gradient2Config::default()),
        limit::Algorithm::Gradient(gradient),
    ];
    let alone = each.map(|algorithm| LimitConfig { algorithm, ..LimitConfig::default() });
    let window = Some(limit::Window::default());
    for config in alone.into_iter().chain([LimitConfig { window, ..LimitConfig::default() }]) {
        let (mut core, mut stream) = (Limiter::new(config), Stream::from_seed(1));
        let mut end = turns();
        let count = allocations(|now| {
            let Ok(permit) = core.on_call(now, &mut stream) else { panic!("nothing is under way") };
            let later = now + Duration::from_micros(500);
            match end() {
                End::Success => core.on_answer(later, permit, Answer::Ok, &mut stream),
                End::Failure => core.on_answer(later, permit, Answer::TimedOut, &mut stream),
                End::Overload => core.on_answer(later, permit, Answer::Refused, &mut stream),
                End::Cancel => core.on_abandoned(permit),
            }
            core.poll_limit();
        });
        assert_eq!(count, 0, "{config:?}");
    }
}

#[test]
fn a_rate_limit_allocates_nothing() {
    let (rate, burst) = (Rate::per_second(2_000), 10);
    let (limit, window) = (100, Duration::from_millis(50));
    for algorithm in [
        Algorithm::TokenBucket { rate, burst },
        Algorithm::Gcra { rate, burst },
        Algorithm::SlidingLog { limit, window },
        Algorithm::SlidingCounter { limit, window },
        Algorithm::FixedCycle { limit, window },
    ] {
        let max_wait = Duration::from_millis(20);
        let mut core = RateLimit::new(RateLimitConfig { algorithm, max_wait });
        let (mut end, mut refused) = (turns(), 0);
        let count = allocations(|now| {
            for _ in 0..3 {
                match core.on_call(now, 1, Time::MAX) {
                    Decision::Reserved(turn) if end() == End::Cancel => {
                        core.on_cancelled(now, turn);
                    }
                    Decision::Rejected(_) => refused += 1,
                    Decision::Granted | Decision::Reserved(_) => {}
                }
            }
        });
        assert_eq!(count, 0, "{algorithm:?}");
        assert!(refused > 0, "{algorithm:?} is at its limit");
    }
}

#[test]
fn a_shedder_allocates_nothing() {
    let mut core = Dagor::new(DagorConfig::default());
    let (mut user, mut refused) = (0, 0);
    let count = allocations(|now| {
        user += 1;
        match core.on_call(now, user as u8 % 16, user) {
            Ok(()) => core.on_wait(now, Duration::from_millis(user / 3_000 % 2 * 40)),
            Err(_) => refused += 1,
        }
        core.poll_refused();
    });
    assert_eq!(count, 0);
    assert!(refused > 0);
}

#[test]
fn a_discipline_allocates_nothing() {
    for order in [Order::Fifo, Order::Lifo, Order::Adaptive { above: 5 }] {
        let codel = Some(CodelConfig::default());
        let mut core = Discipline::new(DisciplineConfig { order, codel });
        let mut round = 0;
        let count = allocations(|now| {
            round += 1;
            if round % 1_000 < 500 {
                core.on_empty(now);
            } else {
                core.next(now + Duration::from_millis(50), 10, now);
            }
        });
        assert_eq!(count, 0, "{order:?}");
    }
}
