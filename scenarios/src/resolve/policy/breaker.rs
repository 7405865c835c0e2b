use cascadia_patterns::breaker::{BreakerConfig, HalfOpen, Jitter, OpenWait, Slow, Window};

use super::or;
use crate::dto;
use crate::units::Duration;

pub(super) fn config(breaker: &dto::Breaker) -> BreakerConfig {
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
