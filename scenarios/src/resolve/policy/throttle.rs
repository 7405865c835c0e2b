use cascadia_patterns::throttle::ThrottleConfig;

use super::or;
use crate::dto;

pub(super) fn config(throttle: &dto::Throttle) -> ThrottleConfig {
    let default = ThrottleConfig::default();
    ThrottleConfig {
        window: or(throttle.window, default.window),
        buckets: throttle.buckets.unwrap_or(default.buckets),
        k: throttle.k.unwrap_or(default.k),
        max_refused: throttle.max_refused.map_or(default.max_refused, |share| share.0),
        min_per_second: throttle.min_per_second.map_or(default.min_per_second, |rate| rate.0),
        count_local: throttle.count_local.unwrap_or(default.count_local),
    }
}
