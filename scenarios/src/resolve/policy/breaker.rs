use cascadia_models::plan::LayerPlan;
use cascadia_patterns::breaker::document::DocumentConfig;
use cascadia_patterns::breaker::{
    BreakerConfig, HalfOpen, Jitter, Manual, OpenWait, Reopen, Slow, Stuck, Window,
};
use cascadia_patterns::config::ConfigError;

use super::or;
use crate::dto;
use crate::units::Duration;

pub(super) fn plan(breaker: &dto::Breaker) -> (LayerPlan, Result<(), ConfigError>) {
    match breaker {
        dto::Breaker::Named(dto::NamedBreaker::Document) => {
            (LayerPlan::new(DocumentConfig::default()), Ok(()))
        }
        dto::Breaker::Set(breaker) => {
            let config = config(breaker);
            let checked = config.check();
            (LayerPlan::new(config), checked)
        }
    }
}

fn config(breaker: &dto::BreakerObject) -> BreakerConfig {
    let default = BreakerConfig::default();
    let windows = breaker.window.as_ref();
    let slow = breaker.slow_call.map(|threshold| Slow {
        threshold: threshold.std(),
        rate: breaker.slow_rate.map_or(1.0, |share| share.0),
    });
    BreakerConfig {
        windows: windows.map_or(default.windows, |given| given.0.iter().map(window).collect()),
        consecutive: breaker.consecutive,
        min_calls: breaker.min_calls.unwrap_or(default.min_calls),
        failure_rate: breaker.failure_rate.map_or(default.failure_rate, |share| share.0),
        slow,
        open: breaker.open.map_or(default.open, open),
        half_open: breaker.half_open.map_or(default.half_open, half_open),
        count_local: breaker.count_local.unwrap_or(default.count_local),
        mode: breaker.mode.map_or(default.mode, |mode| match mode {
            dto::Mode::ForcedOpen => Manual::ForcedOpen,
            dto::Mode::Disabled => Manual::Disabled,
            dto::Mode::MetricsOnly => Manual::MetricsOnly,
        }),
    }
}

fn window(window: &dto::Window) -> Window {
    match window {
        dto::Window::Time(dto::Span(time)) => {
            Window::Time { span: time.span.std(), buckets: time.buckets.unwrap_or(10) }
        }
        dto::Window::Count(calls) => Window::Count(*calls),
        dto::Window::Ewma(half_life) => Window::Ewma { half_life: half_life.std() },
    }
}

fn half_open(half: dto::HalfOpen) -> HalfOpen {
    let default = HalfOpen::default();
    HalfOpen {
        permits: half.permits.unwrap_or(default.permits),
        successes: half.successes,
        max_wait: half.max_wait.map(Duration::std),
        stuck: half.stuck.map_or(default.stuck, |stuck| match stuck {
            dto::Stuck::Open => Stuck::Open,
            dto::Stuck::Close => Stuck::Close,
            dto::Stuck::Wait => Stuck::Wait,
        }),
        reopen: half.reopen.map_or(default.reopen, |reopen| match reopen {
            dto::Reopen::FirstFailure => Reopen::FirstFailure,
            dto::Reopen::Rate => Reopen::Rate,
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
