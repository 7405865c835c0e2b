use cascadia_patterns::retry::{
    AwsConfig, BucketConfig, Budget, BudgetConfig, ConcurrentConfig, CumulativeConfig, Deposit,
    TokensConfig,
};

use super::super::or;
use crate::diagnostics::{Diagnostic, Report};
use crate::dto;
use crate::text::Node;

/// The keys of a budget that is a share of the requests.
const RATIO: [&str; 3] = ["ratio", "ttl", "min_per_second"];

/// Refuses a budget of several kinds.
pub(in super::super) fn check_kinds(layer: &Node, report: &mut Report) {
    let Some(budget) = layer.get("retry").and_then(|retry| retry.get("budget")) else { return };
    let kind = |key: &str| if RATIO.contains(&key) { RATIO[0] } else { key }.to_owned();
    let Some(first) = budget.members().first() else { return };
    let other = budget.members().iter().find(|member| kind(&member.key) != kind(&first.key));
    if let Some(other) = other {
        let message = format!("a budget is of one kind, not `{}` and `{}`", first.key, other.key);
        let diagnostic = Diagnostic::error("S009", message)
            .at(other.span, "and this one")
            .at(first.span, "this one");
        let help = "keep exactly one of tokens, aws, concurrent, bucket, cumulative, \
                    or ratio with ttl and min_per_second";
        report.push(diagnostic.help(help));
    }
}

pub(super) fn budget(budget: &dto::Budget) -> Budget {
    let dto::Budget { tokens, aws, concurrent, bucket, cumulative, .. } = budget;
    if let Some(dto::Tokens { max, ratio }) = tokens {
        let default = TokensConfig::default();
        return Budget::Tokens(TokensConfig {
            max: max.unwrap_or(default.max),
            ratio: ratio.unwrap_or(default.ratio),
        });
    }
    if let Some(dto::Aws { capacity, retry, timeout, throttling }) = aws {
        let default = AwsConfig::default();
        return Budget::Aws(AwsConfig {
            capacity: capacity.unwrap_or(default.capacity),
            retry: retry.unwrap_or(default.retry),
            timeout: timeout.unwrap_or(default.timeout),
            throttling: throttling.unwrap_or(default.throttling),
        });
    }
    if let Some(dto::Concurrent { share, min }) = concurrent {
        let default = ConcurrentConfig::default();
        return Budget::Concurrent(ConcurrentConfig {
            share: share.map_or(default.share, |share| share.0),
            min: min.unwrap_or(default.min),
        });
    }
    if let Some(dto::Bucket { capacity, deposit, on }) = bucket {
        let default = BucketConfig::default();
        return Budget::Bucket(BucketConfig {
            capacity: capacity.unwrap_or(default.capacity),
            deposit: deposit.unwrap_or(default.deposit),
            on: on.map_or(default.on, |on| match on {
                dto::DepositOn::Request => Deposit::Request,
                dto::DepositOn::Success => Deposit::Success,
            }),
        });
    }
    if let Some(dto::Cumulative { failures }) = cumulative {
        let default = CumulativeConfig::default();
        let failures = failures.map_or(default.failures, |share| share.0);
        return Budget::Cumulative(CumulativeConfig { failures });
    }
    Budget::Ratio(ratio(budget))
}

fn ratio(budget: &dto::Budget) -> BudgetConfig {
    let default = BudgetConfig::default();
    BudgetConfig {
        ratio: budget.ratio.map_or(default.ratio, |share| share.0),
        min_per_second: budget.min_per_second.map_or(default.min_per_second, |rate| rate.0),
        ttl: or(budget.ttl, default.ttl),
    }
}
