use std::time::Duration;

use cascadia_runtime::Time;

use crate::call::{Class, Pushback};
use crate::hedge::{Copies, Hedge, HedgeConfig, HedgeDelay, Verdict};
use crate::testing::{at, ms};

const AGAIN: Class = Class::Failure { retryable: true, overload: false };
const SILENT: Pushback = Pushback::Silent;
const FATAL: Class = Class::Failure { retryable: false, overload: false };

fn copies(max: u8) -> Copies {
    Copies::new(at(0), ms(10), max, None)
}

#[test]
fn each_copy_is_due_a_delay_after_the_one_before() {
    let mut copies = copies(2);
    assert_eq!(copies.due(), at(10));
    assert_eq!(copies.on_sent(at(10)), 1);
    assert_eq!(copies.due(), at(20));
    assert_eq!(copies.on_sent(at(20)), 2);
    assert_eq!(copies.due(), Time::MAX, "there are no more");
}

#[test]
fn the_first_acceptable_outcome_is_returned() {
    for class in [Class::Success, Class::Ignore, FATAL] {
        assert_eq!(copies(1).on_outcome(at(3), class, SILENT), Verdict::Return, "{class:?}");
    }
}

#[test]
fn a_failure_brings_the_next_copy_forward() {
    let mut copies = copies(2);
    assert_eq!(copies.on_outcome(at(3), AGAIN, SILENT), Verdict::Wait);
    assert_eq!(copies.due(), at(3));
    copies.on_sent(at(3));
    assert_eq!(copies.due(), at(13), "and the delay counts from there");
}

#[test]
fn the_last_failure_ends_the_call() {
    let mut copies = copies(1);
    copies.on_sent(at(10));
    assert_eq!(copies.on_outcome(at(11), AGAIN, SILENT), Verdict::Wait, "one is still under way");
    assert_eq!(copies.on_outcome(at(12), AGAIN, SILENT), Verdict::Fail);
}

#[test]
fn a_server_that_asks_to_wait_moves_the_next_copy() {
    let mut copies = copies(2);
    assert_eq!(copies.on_outcome(at(3), AGAIN, Pushback::After(ms(40))), Verdict::Wait);
    assert_eq!(copies.due(), at(43));
}

#[test]
fn a_negative_pushback_lets_the_others_go_on_and_sends_no_more() {
    let mut copies = copies(3);
    copies.on_sent(at(10));
    assert_eq!(copies.on_outcome(at(11), AGAIN, Pushback::Stop), Verdict::Wait);
    assert_eq!(copies.due(), Time::MAX);
    assert_eq!(copies.on_outcome(at(12), AGAIN, Pushback::After(ms(1))), Verdict::Fail);
    assert_eq!(copies.due(), Time::MAX, "a later wish does not undo it");
}

#[test]
fn a_denied_copy_is_the_end_of_hedging() {
    let mut first = copies(3);
    assert_eq!(first.on_denied(), Verdict::Wait);
    assert_eq!((first.due(), first.on_outcome(at(11), AGAIN, SILENT)), (Time::MAX, Verdict::Fail));
    let mut failed = copies(3);
    failed.on_outcome(at(1), AGAIN, SILENT);
    assert_eq!(failed.on_denied(), Verdict::Fail);
}

#[test]
fn no_copy_is_due_when_nobody_waits_any_more() {
    let mut copies = Copies::new(at(0), ms(10), 2, Some(at(10)));
    assert_eq!(copies.due(), Time::MAX);
    copies.on_outcome(at(4), AGAIN, SILENT);
    assert_eq!(copies.due(), at(4), "a failure leaves time for one");
}

#[test]
fn the_copy_that_begins_is_the_only_one_left() {
    let mut copies = copies(3);
    copies.on_sent(at(10));
    copies.on_sent(at(20));
    copies.on_begun();
    assert_eq!(copies.due(), Time::MAX);
    assert_eq!(copies.on_outcome(at(21), AGAIN, SILENT), Verdict::Fail, "nobody else is asked");
}

/// gRPC A6: after a pushback of n the copies go on at n, n + delay and so on.
#[test]
fn a_pushback_moves_all_copies_that_are_left() {
    let mut copies = copies(3);
    copies.on_outcome(at(3), AGAIN, Pushback::After(ms(40)));
    assert_eq!((copies.due(), copies.on_sent(at(43)), copies.due()), (at(43), 1, at(53)));
}

/// Polly sends all at once with a delay of nothing, and after failures only with one below.
#[test]
fn a_delay_of_nothing_is_all_at_once_and_one_without_end_is_after_failures_only() {
    let mut at_once = Copies::new(at(5), Duration::ZERO, 2, None);
    for copy in [1, 2] {
        assert_eq!((at_once.due(), at_once.on_sent(at(5))), (at(5), copy));
    }
    let mut on_failure = Copies::new(at(5), Duration::MAX, 2, None);
    assert_eq!(on_failure.due(), Time::MAX);
    assert_eq!(on_failure.on_outcome(at(7), AGAIN, SILENT), Verdict::Wait);
    assert_eq!(on_failure.due(), at(7));
}

fn adaptive() -> Hedge {
    Hedge::new(HedgeConfig { budget: None, ..HedgeConfig::default() })
}

/// Calls that take one to a hundred milliseconds, until `until`.
fn learn(hedge: &mut Hedge, until: u64) {
    for round in 0..until / 100 {
        for millis in 1..=100 {
            let now = at(round * 100 + millis);
            hedge.on_call(now);
            hedge.on_latency(now, ms(millis));
        }
    }
}

#[test]
fn there_are_no_copies_before_the_first_look() {
    let mut hedge = adaptive();
    learn(&mut hedge, 2_900);
    assert_eq!(hedge.on_call(at(2_999)), None);
    let delay = hedge.on_call(at(3_001)).unwrap();
    assert!((ms(95)..ms(98)).contains(&delay), "{delay:?}");
    assert_eq!(hedge.poll_refreshed(), Some(delay));
    assert_eq!(hedge.poll_refreshed(), None);
}

#[test]
fn there_are_no_copies_while_too_little_is_known() {
    let mut hedge = adaptive();
    hedge.on_call(at(0));
    for _ in 0..19 {
        hedge.on_latency(at(1), ms(5));
    }
    assert_eq!(hedge.on_call(at(3_000)), None);
    hedge.on_latency(at(3_000), ms(5));
    assert!(hedge.on_call(at(6_000)).is_some());
    assert_eq!(hedge.on_call(at(60_000)), None, "what is known is out of date");
}

/// Where most calls take no time, the percentile is none, and every call would have a copy.
#[test]
fn no_delay_is_below_a_millisecond() {
    let mut hedge = adaptive();
    hedge.on_call(at(0));
    for _ in 0..1_000 {
        hedge.on_latency(at(1), Duration::ZERO);
    }
    assert_eq!(hedge.on_call(at(3_000)), Some(ms(1)));
}

#[test]
fn no_delay_is_longer_than_two_seconds() {
    let mut hedge = adaptive();
    hedge.on_call(at(0));
    (0..100).for_each(|_| hedge.on_latency(at(1), ms(60_000)));
    assert_eq!(hedge.on_call(at(3_000)), Some(ms(2_000)));
}

#[test]
fn a_call_given_up_early_says_nothing_and_a_late_one_is_of_the_rest() {
    let mut hedge = adaptive();
    learn(&mut hedge, 2_900);
    let delay = hedge.on_call(at(3_001)).unwrap();
    (0..10_000).for_each(|_| hedge.on_abandoned(at(3_002), ms(1)));
    assert_eq!(hedge.on_call(at(6_100)), Some(delay), "leaving early is not low latency");
    (0..1_000).for_each(|_| hedge.on_abandoned(at(6_100), ms(500)));
    assert!(hedge.on_call(at(9_200)).unwrap() > ms(400));
}

#[test]
fn a_fixed_delay_is_there_from_the_beginning() {
    let delay = HedgeDelay::Fixed(ms(7));
    let mut hedge = Hedge::new(HedgeConfig { delay, ..HedgeConfig::default() });
    assert_eq!(hedge.on_call(at(0)), Some(ms(7)));
}

#[test]
fn a_refund_goes_back_to_the_budget() {
    let mut hedge = Hedge::new(HedgeConfig::default());
    (0..20).for_each(|_| assert!(hedge.on_call(at(0)).is_none()));
    assert_eq!(hedge.balance(at(0)), Some(1));
    assert!(hedge.try_withdraw(at(0)) && !hedge.try_withdraw(at(0)));
    hedge.refund(at(0));
    assert!(hedge.try_withdraw(at(0)));
}

#[test]
fn nonsense_is_refused() {
    let field = |config: HedgeConfig| config.check().unwrap_err().field;
    let default = HedgeConfig::default();
    assert_eq!(default.check(), Ok(()));
    assert_eq!(field(HedgeConfig { max: 0, ..default }), "max");
    assert_eq!(field(HedgeConfig { max: 5, ..default }), "max");
    assert_eq!(field(HedgeConfig { delay: HedgeDelay::quantile(0.0), ..default }), "delay");
    let budget = default.budget.map(|budget| crate::retry::BudgetConfig { ratio: -1.0, ..budget });
    assert_eq!(field(HedgeConfig { budget, ..default }), "budget.ratio");
}
