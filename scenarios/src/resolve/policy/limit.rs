use cascadia_patterns::limit::{
    AimdConfig, Algorithm, Gradient2Config, GradientConfig, LimitConfig, VegasConfig, Window,
};

use super::or;
use crate::dto;

pub(super) fn config(dto::Limit(limit): &dto::Limit) -> LimitConfig {
    let dto::LimitAlgorithm(rule) = limit.algorithm;
    let algorithm = match rule {
        dto::LimitRule::Aimd(dto) => Algorithm::Aimd(aimd(dto)),
        dto::LimitRule::Vegas(dto) => Algorithm::Vegas(vegas(dto)),
        dto::LimitRule::Gradient2(dto) => Algorithm::Gradient2(gradient2(dto)),
        dto::LimitRule::Gradient(dto) => Algorithm::Gradient(gradient(dto)),
    };
    LimitConfig {
        algorithm,
        window: limit.window.map(window),
        count_local: limit.count_local.unwrap_or_default(),
    }
}

fn aimd(dto: dto::Aimd) -> AimdConfig {
    let default = AimdConfig::default();
    let max = dto.max.unwrap_or(default.max);
    let min = dto.min.unwrap_or_else(|| default.min.min(max));
    AimdConfig {
        initial: dto.initial.unwrap_or_else(|| default.initial.max(min).min(max)),
        min,
        max,
        backoff: dto.backoff.unwrap_or(default.backoff),
        timeout: or(dto.timeout, default.timeout),
    }
}

fn vegas(dto: dto::Vegas) -> VegasConfig {
    let default = VegasConfig::default();
    let max = dto.max.unwrap_or(default.max);
    VegasConfig {
        initial: dto.initial.unwrap_or_else(|| default.initial.min(max)),
        max,
        smoothing: dto.smoothing.unwrap_or(default.smoothing),
        probe: dto.probe.unwrap_or(default.probe),
    }
}

fn gradient2(dto: dto::Gradient2) -> Gradient2Config {
    let default = Gradient2Config::default();
    let max = dto.max.unwrap_or(default.max);
    let min = dto.min.unwrap_or_else(|| default.min.min(max));
    Gradient2Config {
        initial: dto.initial.unwrap_or_else(|| default.initial.max(min).min(max)),
        min,
        max,
        smoothing: dto.smoothing.unwrap_or(default.smoothing),
        queue: dto.queue.unwrap_or(default.queue),
        tolerance: dto.tolerance.unwrap_or(default.tolerance),
        long_window: dto.long_window.unwrap_or(default.long_window),
    }
}

fn gradient(dto: dto::Gradient) -> GradientConfig {
    let default = GradientConfig::default();
    GradientConfig {
        min: dto.min.unwrap_or(default.min),
        max: dto.max.unwrap_or(default.max),
        update: or(dto.update, default.update),
        min_rtt_interval: or(dto.min_rtt_interval, default.min_rtt_interval),
        jitter: dto.jitter.map_or(default.jitter, |share| share.0),
        min_rtt_samples: dto.min_rtt_samples.unwrap_or(default.min_rtt_samples),
        buffer: dto.buffer.map_or(default.buffer, |share| share.0),
        quantile: dto.quantile.map_or(default.quantile, |share| share.0),
    }
}

fn window(dto: dto::LimitWindow) -> Window {
    let default = Window::default();
    let min = or(dto.min, default.min);
    Window {
        samples: dto.samples.unwrap_or(default.samples),
        min,
        max: or(dto.max, default.max.max(min)),
        min_rtt: or(dto.min_rtt, default.min_rtt),
    }
}
