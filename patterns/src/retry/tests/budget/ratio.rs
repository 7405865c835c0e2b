use proptest::prelude::*;

use crate::retry::{BudgetConfig, RatioBudget};
use crate::testing::{at, ms};

fn config(ratio: f64, min_per_second: f64) -> BudgetConfig {
    BudgetConfig { ratio, min_per_second, ..BudgetConfig::default() }
}

fn drain(budget: &mut RatioBudget, millis: u64) -> u32 {
    let mut withdrawn = 0;
    while budget.try_withdraw(at(millis)) {
        withdrawn += 1;
    }
    withdrawn
}

#[test]
fn every_ratio_is_exact() {
    for (ratio, expected) in
        [(0.0, 0), (0.001, 1), (0.2, 200), (0.3, 300), (0.6, 600), (2.5, 2_500)]
    {
        let mut budget = RatioBudget::new(config(ratio, 0.0));
        (0..1_000).for_each(|_| budget.on_request(at(0)));
        assert_eq!(drain(&mut budget, 0), expected, "ratio {ratio}");
    }
}

#[test]
fn the_reserve_is_there_from_the_start_and_again_when_its_use_is_forgotten() {
    let mut budget = RatioBudget::new(BudgetConfig::default());
    assert_eq!(drain(&mut budget, 0), 100);
    assert_eq!(drain(&mut budget, 9_999), 0);
    assert_eq!(drain(&mut budget, 10_000), 100);
}

#[test]
fn requests_are_forgotten_after_their_time() {
    let mut budget = RatioBudget::new(config(1.0, 0.0));
    (0..5).for_each(|_| budget.on_request(at(0)));
    assert_eq!(budget.balance(at(9_999)), 5);
    assert_eq!(budget.balance(at(10_000)), 0);
    budget.on_request(at(10_000));
    assert_eq!(budget.balance(at(1_000_000_000)), 0);
}

#[test]
fn a_refund_lives_no_longer_than_its_withdrawal() {
    let mut budget = RatioBudget::new(config(1.0, 0.1));
    assert!(budget.try_withdraw(at(0)));
    assert!(!budget.try_withdraw(at(0)));
    assert_eq!(budget.balance(at(9_000)), 0);
    budget.refund(at(0));
    assert_eq!(budget.balance(at(9_000)), 1);
    assert_eq!(budget.balance(at(10_000)), 1, "not the reserve and the refund");
    budget.refund(at(0));
    assert_eq!(budget.balance(at(10_000)), 1, "what is forgotten is not refunded");
}

#[test]
fn each_mistake_is_named() {
    assert_eq!(config(-0.1, 1.0).check().unwrap_err().field, "budget.ratio");
    assert_eq!(config(f64::NAN, 1.0).check().unwrap_err().field, "budget.ratio");
    assert_eq!(config(0.1, f64::INFINITY).check().unwrap_err().field, "budget.min_per_second");
    let short = BudgetConfig { ttl: ms(0), ..BudgetConfig::default() };
    assert_eq!(short.check().unwrap_err().field, "budget.ttl");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]
    #[test]
    fn retries_never_exceed_their_share(
        ratio in prop_oneof![Just(0.0), Just(0.1), Just(0.3), Just(1.0), Just(1.7)],
        min_per_second in prop_oneof![Just(0.0), Just(0.1), Just(1.0), Just(2.3)],
        events in prop::collection::vec((0u64..900, 0u8..3, 0u8..40), 0..200),
    ) {
        let config = config(ratio, min_per_second);
        let mut budget = RatioBudget::new(config);
        let (mut now, mut requests, mut retries) = (0, 0u32, 0u32);
        for (pause, event, times) in events {
            now += pause;
            for _ in 0..times {
                match event {
                    0 => {
                        budget.on_request(at(now));
                        requests += 1;
                    }
                    1 => retries += u32::from(budget.try_withdraw(at(now))),
                    _ => {
                        if budget.try_withdraw(at(now)) {
                            budget.refund(at(now));
                        }
                    }
                }
            }
            let share = ratio * f64::from(requests);
            let reserve = min_per_second * (at(now).as_secs_f64() + config.ttl.as_secs_f64());
            prop_assert!(f64::from(retries) <= share + reserve + 1e-6);
        }
    }
}
