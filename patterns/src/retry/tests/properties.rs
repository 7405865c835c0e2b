//! The tries of a call, whatever becomes of them and whenever its caller leaves.

use std::time::Duration;

use cascadia_runtime::{Stream, Time};
use proptest::prelude::*;

use crate::call::{Baggage, Class, Pushback};
use crate::observe::RetryDenied;
use crate::retry::{
    AwsBudget, AwsConfig, Backoff, Decision, End, Facts, RetryBudget, RetryConfig, Tries, Trouble,
    Withdrawal,
};
use crate::testing::ms;

/// A budget that keeps a book, and denies now and then.
#[derive(Debug)]
struct Book {
    inner: AwsBudget,
    begun: u32,
    ended: u32,
    withdrawn: u32,
    accounted: u32,
}

impl RetryBudget for Book {
    fn on_try(&mut self, now: Time, first: bool) {
        assert_eq!(first, self.begun == 0, "only the first try is the first");
        self.begun += 1;
        self.inner.on_try(now, first);
    }

    fn on_end(&mut self, end: End, paid: Option<Withdrawal>) {
        assert_eq!(paid.is_some(), self.begun > 1, "a retry is paid for, and the first is not");
        self.ended += 1;
        self.accounted += u32::from(paid.is_some());
        self.inner.on_end(end, paid);
    }

    fn withdraw(&mut self, now: Time, trouble: Trouble) -> Option<Withdrawal> {
        let paid = self.inner.withdraw(now, trouble);
        self.withdrawn += u32::from(paid.is_some());
        paid
    }

    fn give_back(&mut self, withdrawal: Withdrawal) {
        self.accounted += 1;
        self.inner.give_back(withdrawal);
    }

    fn available(&mut self, now: Time) -> f64 {
        self.inner.available(now)
    }
}

fn configs() -> impl Strategy<Value = RetryConfig> {
    let parts = (1u16..6, any::<[bool; 2]>(), 0u64..20, prop::option::of(0u8..3));
    parts.prop_map(|(attempts, [retry_unsafe, exact_retry_after], min_useful, max_depth)| {
        RetryConfig {
            attempts,
            backoff: Backoff::FullJitter { base: ms(5), factor: 2.0, max: ms(40) },
            retry_unsafe,
            min_useful: ms(min_useful),
            exact_retry_after,
            max_depth,
            ..RetryConfig::default()
        }
    })
}

fn baggage() -> impl Strategy<Value = Baggage> {
    (prop::option::of(0u64..300), any::<bool>(), 0u8..3).prop_map(|(deadline, safe, depth)| {
        let deadline = deadline.map(|millis| Time::ZERO + ms(millis));
        Baggage { deadline, safe, depth, ..Baggage::default() }
    })
}

fn facts() -> impl Strategy<Value = Facts> {
    let class = prop_oneof![
        1 => Just(Class::Success),
        1 => Just(Class::Ignore),
        1 => Just(Class::Failure { retryable: false, overload: false }),
        6 => any::<bool>().prop_map(|overload| Class::Failure { retryable: true, overload }),
    ];
    let pushback = prop_oneof![
        6 => Just(Pushback::Silent),
        2 => (0u64..60).prop_map(|millis| Pushback::After(ms(millis))),
        1 => Just(Pushback::Stop),
    ];
    let copied = prop::bool::weighted(0.9);
    (class, pushback, any::<bool>(), any::<bool>(), copied).prop_map(
        |(class, pushback, untouched, timed_out, copied)| Facts {
            class,
            pushback,
            untouched,
            timed_out,
            copied,
        },
    )
}

/// Why a retry may not be made, budget apart.
fn forbidden(config: &RetryConfig, baggage: &Baggage, facts: &Facts) -> Option<RetryDenied> {
    if config.max_depth.is_some_and(|most| baggage.depth > most) {
        Some(RetryDenied::Depth)
    } else if !(baggage.safe || config.retry_unsafe || facts.untouched) {
        Some(RetryDenied::Unsafe)
    } else if !facts.copied {
        Some(RetryDenied::NotCloneable)
    } else {
        match facts.pushback {
            Pushback::Stop => Some(RetryDenied::Pushback),
            Pushback::After(asked) if asked > ms(40) => Some(RetryDenied::RetryAfter),
            _ => None,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_024))]
    #[test]
    fn every_try_is_allowed_and_accounted_for(
        config in configs(),
        baggage in baggage(),
        capacity in 1u32..4,
        ends in prop::collection::vec((0u64..30, facts()), 6),
        leaves in prop::option::of((0usize..6, any::<bool>())),
    ) {
        let inner = AwsBudget::new(AwsConfig { capacity, retry: 1, timeout: 1, throttling: 1 });
        let mut book = Book { inner, begun: 0, ended: 0, withdrawn: 0, accounted: 0 };
        let (mut tries, mut stream) = (Tries::new(&config, &baggage), Stream::from_seed(1));
        let mut now = Time::ZERO;
        for (number, (took, facts)) in ends.into_iter().enumerate() {
            prop_assert_eq!(usize::from(tries.on_try(now, Some(&mut book))), number);
            prop_assert!(number < usize::from(config.attempts), "one try too many");
            prop_assert_eq!(tries.is_last(), number + 1 == usize::from(config.attempts));
            if leaves == Some((number, false)) {
                break;
            }
            now += ms(took);
            let (before, last) = (book.withdrawn, tries.is_last());
            let decision = tries.on_outcome(now, facts, Some(&mut book), &mut stream);
            let retryable = matches!(facts.class, Class::Failure { retryable: true, .. });
            let forbidden = forbidden(&config, &baggage, &facts);
            match decision {
                Decision::Return => prop_assert!(last || !retryable),
                Decision::Denied(reason) => {
                    prop_assert!(retryable && !last);
                    prop_assert_eq!(book.withdrawn, before, "paid for nothing");
                    let other = [RetryDenied::Budget, RetryDenied::Deadline].contains(&reason);
                    prop_assert_eq!(forbidden, (!other).then_some(reason));
                }
                Decision::Retry { delay } => {
                    prop_assert!(retryable && !last && forbidden.is_none());
                    prop_assert_eq!(book.withdrawn, before + 1);
                    let asked = match facts.pushback {
                        Pushback::After(asked) => asked,
                        _ => Duration::ZERO,
                    };
                    prop_assert!(delay >= asked && delay <= asked + ms(40));
                    let needed = now + delay + config.min_useful;
                    prop_assert!(baggage.deadline.is_none_or(|deadline| needed <= deadline));
                    now += delay;
                }
            }
            if !matches!(decision, Decision::Retry { .. }) || leaves == Some((number, true)) {
                break;
            }
        }
        tries.on_drop(&mut book);
        tries.on_drop(&mut book);
        prop_assert_eq!(book.begun, book.ended, "every try ends once");
        prop_assert_eq!(book.withdrawn, book.accounted, "every retry is sent or given back");
    }
}
