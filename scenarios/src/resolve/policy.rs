use cascadia_models::plan::{LayerPlan, StackPlan};
use cascadia_patterns::balance::BalanceKind;
use cascadia_patterns::breaker::{BreakerConfig, HalfOpen, Jitter, OpenWait, Slow, Window};
use cascadia_patterns::bulkhead::BulkheadConfig;
use cascadia_patterns::config::ConfigError;
use cascadia_patterns::retry::{Backoff, BudgetConfig, RetryConfig};
use cascadia_patterns::timeout::TimeoutConfig;

use crate::diagnostics::{Diagnostic, Report};
use crate::dto;
use crate::read::PolicyEl;
use crate::text::Node;
use crate::units::Duration;

/// The stack of a policy; layers of the wrong shape are left out.
pub(super) fn stack(policy: &PolicyEl<'_>, report: &mut Report) -> StackPlan {
    let mut layers = Vec::with_capacity(policy.layers.len());
    let mut balancer: Option<&Node> = None;
    for (node, layer) in &policy.layers {
        let Some(layer) = layer else { continue };
        let (plan, checked) = layer_plan(layer);
        if let Err(error) = checked {
            report.push(rejected(node, error));
        }
        if matches!(plan, LayerPlan::Balance(_)) {
            if let Some(first) = balancer {
                let message = format!("policy `{}` balances twice", policy.name);
                let diagnostic = Diagnostic::error("S033", message)
                    .at(node.span, "again here")
                    .at(first.span, "first here")
                    .help("keep one of them");
                report.push(diagnostic);
            }
            balancer = Some(node);
        }
        layers.push(plan);
    }
    StackPlan { name: policy.name.to_owned(), layers }
}

fn rejected(node: &Node, error: ConfigError) -> Diagnostic {
    let mut place = node.members().first().map_or(node, |member| &member.node);
    let mut field = error.field;
    while let Some((head, rest)) = field.split_once('.') {
        place = place.get(head).unwrap_or(place);
        if head == "backoff" {
            place = place.members().first().map_or(place, |member| &member.node);
        }
        field = rest;
    }
    let span = place.span_of(field);
    Diagnostic::error("S031", format!("`{}` {}", error.field, error.reason)).at(span, error.reason)
}

fn layer_plan(layer: &dto::Layer) -> (LayerPlan, Result<(), ConfigError>) {
    match layer {
        dto::Layer::Timeout(after) => {
            let config = TimeoutConfig { after: after.std() };
            (LayerPlan::Timeout(config), config.check())
        }
        dto::Layer::Retry(retry) => {
            let config = retry_config(retry);
            (LayerPlan::Retry(config), config.check())
        }
        dto::Layer::Breaker(breaker) => {
            let config = breaker_config(breaker);
            let checked = config.check();
            (LayerPlan::Breaker(config), checked)
        }
        dto::Layer::Bulkhead(dto::Bulkhead(bulkhead)) => {
            let default = BulkheadConfig::default();
            let config = BulkheadConfig {
                limit: bulkhead.limit.unwrap_or(default.limit),
                max_wait: or(bulkhead.max_wait, default.max_wait),
                max_waiting: bulkhead.max_waiting.or(default.max_waiting),
            };
            (LayerPlan::Bulkhead(config), config.check())
        }
        dto::Layer::Balance(kind) => {
            let kind = match kind {
                dto::Balance::RoundRobin => BalanceKind::RoundRobin,
                dto::Balance::Random => BalanceKind::Random,
                dto::Balance::LeastConnections => BalanceKind::LeastConnections,
                dto::Balance::P2c => BalanceKind::P2c,
            };
            (LayerPlan::Balance(kind), Ok(()))
        }
        dto::Layer::Deadline(_) => (LayerPlan::Deadline, Ok(())),
    }
}

fn or(given: Option<Duration>, default: std::time::Duration) -> std::time::Duration {
    given.map_or(default, Duration::std)
}

fn retry_config(retry: &dto::Retry) -> RetryConfig {
    let default = RetryConfig::default();
    RetryConfig {
        attempts: retry.attempts.unwrap_or(default.attempts),
        backoff: retry.backoff.as_ref().map_or(default.backoff, backoff),
        budget: retry.budget.as_ref().map(budget),
        retry_unsafe: retry.retry_unsafe.unwrap_or(default.retry_unsafe),
        min_useful: default.min_useful,
        max_retry_after: retry.max_retry_after.map(Duration::std),
    }
}

fn budget(budget: &dto::Budget) -> BudgetConfig {
    let default = BudgetConfig::default();
    BudgetConfig {
        ratio: budget.ratio.map_or(default.ratio, |share| share.0),
        min_per_second: budget.min_per_second.map_or(default.min_per_second, |rate| rate.0),
        ttl: or(budget.ttl, default.ttl),
    }
}

fn backoff(backoff: &dto::Backoff) -> Backoff {
    let growth =
        |growth: &dto::Growth| (growth.base.std(), growth.factor.unwrap_or(2.0), growth.max.std());
    match backoff {
        dto::Backoff::None => Backoff::None,
        dto::Backoff::Fixed(delay) => Backoff::Fixed { delay: delay.std() },
        dto::Backoff::Linear(bounds) => {
            Backoff::Linear { base: bounds.base.std(), max: bounds.max.std() }
        }
        dto::Backoff::Decorrelated(bounds) => {
            Backoff::Decorrelated { base: bounds.base.std(), max: bounds.max.std() }
        }
        dto::Backoff::Exponential(bounds) => {
            let (base, factor, max) = growth(bounds);
            Backoff::Exponential { base, factor, max }
        }
        dto::Backoff::FullJitter(bounds) => {
            let (base, factor, max) = growth(bounds);
            Backoff::FullJitter { base, factor, max }
        }
        dto::Backoff::EqualJitter(bounds) => {
            let (base, factor, max) = growth(bounds);
            Backoff::EqualJitter { base, factor, max }
        }
    }
}

fn breaker_config(breaker: &dto::Breaker) -> BreakerConfig {
    let default = BreakerConfig::default();
    let window = breaker.window.map(|window| match window {
        dto::Window::Time(span) => Window::Time { span: span.std(), buckets: 10 },
        dto::Window::Count(calls) => Window::Count(calls),
        dto::Window::Ewma(half_life) => Window::Ewma { half_life: half_life.std() },
    });
    let slow = breaker.slow_call.map(|threshold| Slow {
        threshold: threshold.std(),
        rate: breaker.slow_rate.map_or(1.0, |share| share.0),
    });
    BreakerConfig {
        window: window.or(default.window),
        consecutive: breaker.consecutive,
        min_calls: breaker.min_calls.unwrap_or(default.min_calls),
        failure_rate: breaker.failure_rate.map_or(default.failure_rate, |share| share.0),
        slow,
        open: breaker.open.map_or(default.open, open),
        half_open: breaker.half_open.map_or(default.half_open, |half| HalfOpen {
            permits: half.permits.unwrap_or(default.half_open.permits),
            max_wait: half.max_wait.map(Duration::std),
            ..default.half_open
        }),
    }
}

fn open(open: dto::Open) -> OpenWait {
    let default = OpenWait::default();
    match open {
        dto::Open::Fixed(duration) => OpenWait::fixed(duration.std()),
        dto::Open::Growing(open) => {
            let base = or(open.base, default.base);
            OpenWait {
                base,
                factor: open.factor.unwrap_or(default.factor),
                max: or(open.max, default.max.max(base)),
                jitter: open.jitter.map_or(default.jitter, |jitter| match jitter {
                    dto::Jitter::None => Jitter::None,
                    dto::Jitter::Equal => Jitter::Equal,
                    dto::Jitter::Full => Jitter::Full,
                }),
                min: open.min.map(Duration::std),
            }
        }
    }
}
