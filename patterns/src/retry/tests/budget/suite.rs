//! What every kind of budget must do.

use proptest::prelude::*;

use crate::retry::{
    AwsConfig, BucketConfig, Budget, BudgetConfig, ConcurrentConfig, CumulativeConfig, Deposit,
    End, RetryBudget, TokensConfig, Trouble, Withdrawal,
};
use crate::testing::at;

const FAILED: Trouble = Trouble::Failed;

/// Makes the suite for each kind.
macro_rules! suite {
    ($($kind:ident: $budget:expr;)+) => {$(
        mod $kind {
            use super::*;

            #[test]
            fn a_withdrawal_that_is_given_back_leaves_no_trace() {
                no_trace($budget);
            }

            #[test]
            fn it_denies_before_long_when_everything_fails() {
                denies($budget);
            }

            #[test]
            fn it_pays_again_when_things_have_worked_for_long() {
                pays_again($budget);
            }

            proptest! {
                #[test]
                fn what_it_says_it_would_pay_for_it_pays_for(events in events()) {
                    keeps_its_word(&mut *$budget.build(), &events);
                }

                #[test]
                fn no_order_of_events_makes_it_generous(events in events()) {
                    bounds($budget, &events);
                }
            }
        }
    )+};
}

suite! {
    ratio: Budget::from(BudgetConfig { min_per_second: 1.0, ..BudgetConfig::default() });
    tokens: Budget::Tokens(TokensConfig::default());
    aws: Budget::Aws(AwsConfig { capacity: 50, ..AwsConfig::default() });
    concurrent: Budget::Concurrent(ConcurrentConfig::default());
    bucket_on_request: Budget::Bucket(BucketConfig::default());
    bucket_on_success:
        Budget::Bucket(BucketConfig { on: Deposit::Success, ..BucketConfig::default() });
    cumulative: Budget::Cumulative(CumulativeConfig::default());
}

fn try_once(budget: &mut dyn RetryBudget, millis: u64, end: End, paid: Option<Withdrawal>) {
    budget.on_try(at(millis), paid.is_none());
    budget.on_end(end, paid);
}

fn no_trace(budget: Budget) {
    let mut budget = budget.build();
    (0..40).for_each(|_| try_once(&mut *budget, 0, End::Success, None));
    let before = budget.available(at(0));
    let taken = budget.withdraw(at(0), FAILED).expect("there is a retry at first");
    budget.give_back(taken);
    assert_eq!(budget.available(at(0)), before);
}

/// Calls that fail every time, retried while the budget pays: their share of retries ends up far
/// below one.
fn denies(budget: Budget) {
    let mut budget = budget.build();
    let mut under_way = Vec::new();
    let mut retries = 0;
    for _ in 0..1_000 {
        try_once(&mut *budget, 0, End::Trouble(FAILED), None);
        if let Some(paid) = budget.withdraw(at(0), FAILED) {
            budget.on_try(at(0), false);
            under_way.push(paid);
            retries += 1;
        }
    }
    assert!(retries <= 210, "{retries} retries of 1000 calls");
    for paid in under_way {
        budget.on_end(End::Trouble(FAILED), Some(paid));
    }
}

fn pays_again(budget: Budget) {
    let mut budget = budget.build();
    for _ in 0..200 {
        try_once(&mut *budget, 0, End::Trouble(FAILED), None);
        if let Some(paid) = budget.withdraw(at(0), FAILED) {
            try_once(&mut *budget, 0, End::Trouble(FAILED), Some(paid));
        }
    }
    (0..5_000).for_each(|_| try_once(&mut *budget, 20_000, End::Success, None));
    let paid = budget.withdraw(at(20_000), FAILED);
    assert!(paid.is_some());
    budget.give_back(paid.unwrap());
}

/// A pause, what happens, and how often.
type Event = (u64, u8, u8);

fn events() -> impl Strategy<Value = Vec<Event>> {
    prop::collection::vec((0u64..900, 0u8..7, 1u8..8), 0..120)
}

/// A budget and what its callers hold.
struct World<'a> {
    budget: &'a mut dyn RetryBudget,
    now: u64,
    firsts: u32,
    retries: u32,
    trying: Vec<Option<Withdrawal>>,
    waiting: Vec<Withdrawal>,
}

impl World<'_> {
    fn happen(&mut self, (pause, what, times): Event) {
        self.now += pause;
        let now = at(self.now);
        for _ in 0..times {
            match what {
                0 => {
                    self.budget.on_try(now, true);
                    self.firsts += 1;
                    self.trying.push(None);
                }
                1 => self.end(End::Success),
                2 => self.end(End::Trouble(FAILED)),
                3 => self.end(End::Dropped),
                4 => {
                    let trouble = [FAILED, Trouble::TimedOut, Trouble::Overloaded];
                    let trouble = trouble[self.now as usize % 3];
                    self.waiting.extend(self.budget.withdraw(now, trouble));
                }
                5 => {
                    if let Some(paid) = self.waiting.pop() {
                        self.budget.on_try(now, false);
                        self.retries += 1;
                        self.trying.push(Some(paid));
                    }
                }
                _ => {
                    if let Some(paid) = self.waiting.pop() {
                        self.budget.give_back(paid);
                    }
                }
            }
        }
    }

    fn end(&mut self, end: End) {
        if let Some(paid) = self.trying.pop() {
            self.budget.on_end(end, paid);
        }
    }
}

fn world(budget: &mut dyn RetryBudget) -> World<'_> {
    World { budget, now: 0, firsts: 0, retries: 0, trying: Vec::new(), waiting: Vec::new() }
}

/// Where it says that it would pay for more than one, it pays.
fn keeps_its_word(budget: &mut dyn RetryBudget, events: &[Event]) {
    let mut world = world(budget);
    for event in events {
        world.happen(*event);
        let now = at(world.now);
        let available = world.budget.available(now);
        assert!(available >= 0.0 && available.is_finite());
        let paid = world.budget.withdraw(now, FAILED);
        assert!(paid.is_some() || available <= 1.0, "said {available} and denied");
        if let Some(paid) = paid {
            world.budget.give_back(paid);
        }
    }
}

/// The most retries that a kind may have paid for, whatever happened.
fn bounds(kind: Budget, events: &[Event]) {
    let mut budget = kind.build();
    let mut world = world(&mut *budget);
    let mut most_under_way = 0;
    for event in events {
        world.happen(*event);
        let paid = world.trying.iter().flatten().count() + world.waiting.len();
        most_under_way = most_under_way.max(paid);
    }
    let (firsts, retries) = (f64::from(world.firsts), f64::from(world.retries));
    match kind {
        Budget::Ratio(config) => {
            let elapsed = at(world.now).as_secs_f64() + config.ttl.as_secs_f64();
            assert!(retries <= config.ratio * firsts + config.min_per_second * elapsed + 1e-6);
        }
        Budget::Bucket(config) if config.on == Deposit::Request => {
            assert!(retries <= config.capacity + config.deposit * firsts + 1e-6);
        }
        Budget::Bucket(config) => {
            let successes = firsts + retries;
            assert!(retries <= config.capacity + config.deposit * successes + 1e-6);
        }
        Budget::Aws(config) => {
            let cheapest = f64::from(config.throttling.min(config.retry));
            let successes = f64::from(config.capacity) + firsts;
            let returned = retries * f64::from(config.timeout);
            assert!(retries * cheapest <= successes + returned);
        }
        Budget::Concurrent(config) => {
            let tries = (world.firsts + world.retries) as usize;
            let share = (config.share * tries as f64) as usize;
            assert!(most_under_way <= share.max(config.min as usize));
        }
        Budget::Tokens(_) | Budget::Cumulative(_) => {}
    }
}
