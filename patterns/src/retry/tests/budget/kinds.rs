use crate::retry::{
    AwsBudget, AwsConfig, BucketBudget, BucketConfig, Budget, ConcurrentBudget, ConcurrentConfig,
    CumulativeBudget, CumulativeConfig, Deposit, End, RetryBudget, TokensBudget, TokensConfig,
    Trouble,
};
use crate::testing::at;

const NOW: cascadia_runtime::Time = cascadia_runtime::Time::ZERO;
const FAILURE: End = End::Trouble(Trouble::Failed);

fn first(budget: &mut dyn RetryBudget, end: End) {
    budget.on_try(NOW, true);
    budget.on_end(end, None);
}

fn drain(budget: &mut dyn RetryBudget, trouble: Trouble) -> u32 {
    (0..).take_while(|_| budget.withdraw(NOW, trouble).is_some()).last().map_or(0, |last| last + 1)
}

/// The example of gRPC A6: ten tokens, a tenth for a success.
#[test]
fn tokens_retry_while_more_than_half_is_left() {
    let mut budget = TokensBudget::new(TokensConfig::default());
    for left in [9, 8, 7, 6] {
        first(&mut budget, FAILURE);
        assert!(budget.withdraw(NOW, Trouble::Failed).is_some(), "{left} left");
    }
    first(&mut budget, FAILURE);
    assert_eq!(budget.withdraw(NOW, Trouble::Failed), None, "5 of 10 is not more than half");
    first(&mut budget, End::Success);
    assert!(budget.withdraw(NOW, Trouble::Failed).is_some(), "5.1 is");
}

#[test]
fn tokens_are_taken_by_failures_and_not_by_retries() {
    let mut budget = TokensBudget::new(TokensConfig::default());
    assert!((0..100).all(|_| budget.withdraw(NOW, Trouble::Failed).is_some()));
    (0..3).for_each(|_| first(&mut budget, End::Other));
    (0..3).for_each(|_| first(&mut budget, End::Dropped));
    assert_eq!(budget.available(NOW), 5.0);
}

#[test]
fn tokens_stay_between_none_and_all() {
    let mut budget = TokensBudget::new(TokensConfig { max: 3.0, ratio: 0.5 });
    (0..100).for_each(|_| first(&mut budget, FAILURE));
    (0..3).for_each(|_| first(&mut budget, End::Success));
    assert_eq!(budget.withdraw(NOW, Trouble::Failed), None, "1.5 is half of 3");
    (0..100).for_each(|_| first(&mut budget, End::Success));
    assert_eq!(budget.available(NOW), 1.5);
}

#[test]
fn an_aws_retry_costs_what_its_failure_is() {
    let full = |config| AwsBudget::new(config);
    let legacy = AwsConfig::default();
    assert_eq!(drain(&mut full(legacy), Trouble::Failed), 100);
    assert_eq!(drain(&mut full(legacy), Trouble::TimedOut), 50);
    assert_eq!(drain(&mut full(legacy), Trouble::Overloaded), 100);
    let new = AwsConfig::v2_1();
    assert_eq!(drain(&mut full(new), Trouble::Failed), 35);
    assert_eq!(drain(&mut full(new), Trouble::TimedOut), 35);
    assert_eq!(drain(&mut full(new), Trouble::Overloaded), 100);
}

#[test]
fn an_aws_retry_that_succeeds_brings_its_cost_back_and_a_first_try_one() {
    let config = AwsConfig { capacity: 20, ..AwsConfig::default() };
    let mut budget = AwsBudget::new(config);
    let dear = budget.withdraw(NOW, Trouble::TimedOut).unwrap();
    let cheap = budget.withdraw(NOW, Trouble::Failed).unwrap();
    budget.on_end(End::Success, Some(dear));
    budget.on_end(FAILURE, Some(cheap));
    assert_eq!(drain(&mut budget, Trouble::Failed), 3, "15 of 20 are left");
    (0..5).for_each(|_| first(&mut budget, End::Success));
    assert_eq!(drain(&mut budget, Trouble::Failed), 1);
    (0..1_000).for_each(|_| first(&mut budget, End::Success));
    assert_eq!(drain(&mut budget, Trouble::Failed), 4, "never more than it holds");
}

#[test]
fn concurrent_retries_are_a_share_of_what_is_under_way() {
    let mut budget = ConcurrentBudget::new(ConcurrentConfig::default());
    (0..50).for_each(|_| budget.on_try(NOW, true));
    let held: Vec<_> = std::iter::from_fn(|| budget.withdraw(NOW, Trouble::Failed)).collect();
    assert_eq!(held.len(), 10, "a fifth of 50");
    (0..50).for_each(|_| budget.on_end(End::Success, None));
    for paid in held {
        budget.on_try(NOW, false);
        budget.on_end(End::Dropped, Some(paid));
    }
    assert_eq!(drain(&mut budget, Trouble::Failed), 3, "the minimum");
}

#[test]
fn a_fixed_number_of_concurrent_retries_does_not_move() {
    let mut budget = ConcurrentBudget::new(ConcurrentConfig { share: 0.0, min: 3 });
    (0..1_000).for_each(|_| budget.on_try(NOW, true));
    assert_eq!(drain(&mut budget, Trouble::Failed), 3);
}

#[test]
fn a_bucket_needs_more_than_one() {
    let mut budget = BucketBudget::new(BucketConfig::default());
    assert_eq!(drain(&mut budget, Trouble::Failed), 4, "5, 4, 3, 2");
    first(&mut budget, FAILURE);
    assert_eq!(drain(&mut budget, Trouble::Failed), 1, "1.1 is more than one");
    first(&mut budget, End::Success);
    assert_eq!(drain(&mut budget, Trouble::Failed), 0, "0.2");
}

#[test]
fn a_bucket_that_successes_fill_gets_nothing_under_an_outage() {
    let config = BucketConfig { on: Deposit::Success, ..BucketConfig::default() };
    let mut budget = BucketBudget::new(config);
    drain(&mut budget, Trouble::Failed);
    (0..1_000).for_each(|_| first(&mut budget, FAILURE));
    assert_eq!(drain(&mut budget, Trouble::Failed), 0);
    (0..10).for_each(|_| first(&mut budget, End::Success));
    assert_eq!(drain(&mut budget, Trouble::Failed), 1);
}

#[test]
fn cumulative_failures_end_all_retries_until_their_share_is_small_again() {
    let mut budget = CumulativeBudget::new(CumulativeConfig::default());
    (0..9).for_each(|_| first(&mut budget, End::Success));
    first(&mut budget, FAILURE);
    assert!(budget.withdraw(NOW, Trouble::Failed).is_some(), "1 of 10");
    first(&mut budget, FAILURE);
    assert_eq!(budget.withdraw(NOW, Trouble::Failed), None, "2 of 11");
    (0..9).for_each(|_| first(&mut budget, End::Success));
    assert!(budget.withdraw(at(1), Trouble::Failed).is_some(), "2 of 20");
}

#[test]
fn each_mistake_is_named() {
    let tokens = |max, ratio| Budget::Tokens(TokensConfig { max, ratio });
    let culprit = |budget: Budget| budget.check().unwrap_err().field;
    for max in [0.0, -1.0, 1000.1, f64::NAN] {
        assert_eq!(culprit(tokens(max, 0.1)), "budget.tokens.max");
    }
    assert_eq!(culprit(tokens(10.0, 0.0)), "budget.tokens.ratio");
    let aws = AwsConfig::default();
    assert_eq!(culprit(Budget::Aws(AwsConfig { retry: 0, ..aws })), "budget.aws.retry");
    assert_eq!(culprit(Budget::Aws(AwsConfig { timeout: 501, ..aws })), "budget.aws.timeout");
    assert_eq!(culprit(Budget::Aws(AwsConfig { throttling: 0, ..aws })), "budget.aws.throttling");
    assert_eq!(culprit(Budget::Aws(AwsConfig { capacity: 0, ..aws })), "budget.aws.capacity");
    let concurrent = |share, min| Budget::Concurrent(ConcurrentConfig { share, min });
    assert_eq!(culprit(concurrent(1.1, 3)), "budget.concurrent.share");
    assert_eq!(culprit(concurrent(0.0, 0)), "budget.concurrent.min");
    let bucket = BucketConfig::default();
    let small = BucketConfig { capacity: 1.0, ..bucket };
    assert_eq!(culprit(Budget::Bucket(small)), "budget.bucket.capacity");
    let dry = BucketConfig { deposit: 0.0, ..bucket };
    assert_eq!(culprit(Budget::Bucket(dry)), "budget.bucket.deposit");
    let never = CumulativeConfig { failures: 0.0 };
    assert_eq!(culprit(Budget::Cumulative(never)), "budget.cumulative.failures");
    for kind in [
        Budget::from(crate::retry::BudgetConfig::default()),
        tokens(10.0, 0.1),
        Budget::Aws(AwsConfig::v2_1()),
        concurrent(0.2, 3),
        Budget::Bucket(bucket),
        Budget::Cumulative(CumulativeConfig::default()),
    ] {
        assert_eq!(kind.check(), Ok(()), "{kind:?}");
    }
}
