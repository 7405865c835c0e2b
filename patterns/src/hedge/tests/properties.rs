use std::time::Duration;

use cascadia_runtime::Time;
use proptest::prelude::*;

use crate::call::{Class, Pushback};
use crate::hedge::{Copies, Hedge, HedgeConfig, HedgeDelay, Verdict};
use crate::retry::BudgetConfig;
use crate::testing::ms;

#[derive(Clone, Copy, Debug)]
enum Step {
    Wait(u64),
    Call,
    Send(usize),
    End { call: usize, class: Class, pushback: Pushback },
    Begin(usize),
    Cancel(usize),
}

fn class() -> impl Strategy<Value = Class> {
    prop_oneof![
        Just(Class::Success),
        Just(Class::Ignore),
        Just(Class::Failure { retryable: true, overload: false }),
        Just(Class::Failure { retryable: false, overload: true }),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let pushback = prop_oneof![
        3 => Just(Pushback::Silent),
        1 => (0u64..30).prop_map(|millis| Pushback::After(ms(millis))),
        1 => Just(Pushback::Stop),
    ];
    let step = prop_oneof![
        (0u64..2_000).prop_map(Step::Wait),
        Just(Step::Call),
        (0usize..8).prop_map(Step::Send),
        (0usize..8, class(), pushback).prop_map(|(call, class, pushback)| Step::End {
            call,
            class,
            pushback
        }),
        (0usize..8).prop_map(Step::Begin),
        (0usize..8).prop_map(Step::Cancel),
    ];
    prop::collection::vec(step, 0..300)
}

/// A call as its layer keeps it.
struct Call {
    copies: Copies,
    under_way: u32,
    sent: u32,
}

proptest! {
    /// One outcome a call, copies within their number and their budget, and what is under way is
    /// known to both sides.
    #[test]
    fn copies_stay_within_their_bounds(
        steps in steps(),
        max in 1u8..=4,
        ratio in 0.0f64..0.5,
        min_per_second in 0.0f64..0.5,
    ) {
        let budget = BudgetConfig { ratio, min_per_second, ttl: Duration::from_secs(10) };
        let config = HedgeConfig {
            delay: HedgeDelay::Fixed(ms(10)),
            max,
            budget: Some(budget),
            hedge_unsafe: false,
            tied: true,
        };
        let mut hedge = Hedge::new(config);
        let (mut now, mut began, mut copies_sent) = (Time::ZERO, 0u32, Vec::new());
        let mut calls: Vec<Call> = Vec::new();
        for step in steps {
            match step {
                Step::Wait(millis) => now += ms(millis),
                Step::Call => {
                    let delay = hedge.on_call(now).expect("a fixed delay is known");
                    began += 1;
                    let copies = Copies::new(now, delay, max, None);
                    calls.push(Call { copies, under_way: 1, sent: 1 });
                }
                Step::Send(index) if index < calls.len() => {
                    let call = &mut calls[index];
                    if call.copies.due() > now {
                        continue;
                    }
                    if hedge.try_withdraw(now) {
                        copies_sent.push(now);
                        prop_assert_eq!(u32::from(call.copies.on_sent(now)), call.sent);
                        call.sent += 1;
                        call.under_way += 1;
                        prop_assert!(call.sent <= 1 + u32::from(max));
                    } else if call.copies.on_denied() == Verdict::Fail {
                        prop_assert_eq!(call.under_way, 0);
                        calls.swap_remove(index);
                    }
                }
                Step::End { call: index, class, pushback } if index < calls.len() => {
                    let call = &mut calls[index];
                    if call.under_way == 0 {
                        continue;
                    }
                    call.under_way -= 1;
                    match call.copies.on_outcome(now, class, pushback) {
                        Verdict::Return => {
                            let again = matches!(class, Class::Failure { retryable: true, .. });
                            prop_assert!(!again, "another copy may help");
                            calls.swap_remove(index);
                        }
                        Verdict::Fail => {
                            prop_assert_eq!(call.under_way, 0, "it fails only when all have");
                            calls.swap_remove(index);
                        }
                        Verdict::Wait => {
                            let waits = call.under_way > 0 || call.copies.due() < Time::MAX;
                            prop_assert!(waits, "somebody waits for nothing");
                        }
                    }
                }
                Step::Begin(index) if index < calls.len() => {
                    let call = &mut calls[index];
                    if call.under_way > 0 {
                        call.copies.on_begun();
                        call.under_way = 1;
                        prop_assert_eq!(call.copies.due(), Time::MAX, "no copy follows");
                    }
                }
                Step::Cancel(index) if index < calls.len() => {
                    calls.swap_remove(index);
                }
                _ => {}
            }
            let ttl = Duration::from_secs(10);
            let recent = copies_sent.iter().filter(|at| now.since(**at) < ttl * 9 / 10).count();
            let most = ratio * f64::from(began) + min_per_second * 10.0;
            prop_assert!(recent as f64 <= most + 1e-3, "{recent} copies, at most {most}");
        }
    }
}
