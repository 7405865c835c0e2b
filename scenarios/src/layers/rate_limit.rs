use std::time;

use cascadia_models::plan::LayerPlan;
use cascadia_patterns::config::ConfigError;
use cascadia_patterns::rate_limit::{Algorithm, Rate, RateLimitConfig};

use super::Layer;
use super::place::Place;
use crate::decode::{choice, either, object};
use crate::units::{self, Duration};

either! {
    /// Bounds the calls in a time: by a rate, or by an object.
    pub(super) enum RateLimit: RateLimitConfig {
        units::Rate => |rate| config(RateBucket { rate, burst: None }.token_bucket(), WAIT),
        RateLimitObject => |object| config(object.algorithm, object.max_wait),
    }
}

/// Nobody waits where nothing is said.
const WAIT: time::Duration = time::Duration::ZERO;

fn config(algorithm: Algorithm, max_wait: time::Duration) -> RateLimitConfig {
    RateLimitConfig { algorithm, max_wait }
}

object! {
    /// A bound on calls in a time, and who may wait.
    pub(super) struct RateLimitObject {
        /// How calls are counted.
        algorithm: RateAlgorithm,
        /// How long a call may wait for its turn.
        max_wait: Duration = WAIT,
    }
}

choice! {
    /// How calls are counted.
    pub(super) enum RateAlgorithm: Algorithm {
        /// A bucket that fills at a rate.
        token_bucket(RateBucket) => |bucket| bucket.token_bucket(),
        /// A token bucket kept as one instant.
        gcra(RateBucket) => |bucket| bucket.gcra(),
        /// So many in any window.
        sliding_log(RateWindow) => |RateWindow { limit, window }| {
            Algorithm::SlidingLog { limit, window }
        },
        /// About so many in any window.
        sliding_counter(RateWindow) => |RateWindow { limit, window }| {
            Algorithm::SlidingCounter { limit, window }
        },
        /// So many in each cycle.
        fixed_cycle(RateWindow) => |RateWindow { limit, window }| {
            Algorithm::FixedCycle { limit, window }
        },
    }
}

object! {
    /// A rate, and how far calls may come ahead of it.
    pub(super) struct RateBucket {
        /// Calls that pass in the long run.
        rate: units::Rate,
        /// Calls that pass at once after a rest.
        burst: Option<u32> => "those of one second",
    }
}

object! {
    /// So many calls in a window.
    pub(super) struct RateWindow {
        /// Calls in a window.
        limit: u32,
        /// Its length.
        window: Duration,
    }
}

impl RateBucket {
    fn token_bucket(&self) -> Algorithm {
        Algorithm::TokenBucket { rate: self.rate(), burst: self.burst() }
    }

    fn gcra(&self) -> Algorithm {
        Algorithm::Gcra { rate: self.rate(), burst: self.burst() }
    }

    fn burst(&self) -> u32 {
        self.burst.unwrap_or_else(|| self.rate.ceil() as u32)
    }

    fn rate(&self) -> Rate {
        exact(self.rate)
    }
}

/// A rate as two whole numbers, exact where it is so many in a second, a minute, an hour or a day.
fn exact(per_second: f64) -> Rate {
    for seconds in [1, 60, 3_600, 86_400] {
        let permits = per_second * seconds as f64;
        let whole = permits.round();
        if (permits - whole).abs() <= permits * 1e-12 && whole < f64::from(u32::MAX) {
            let per = time::Duration::from_secs(seconds);
            return Rate { permits: whole as u32, per };
        }
    }
    if per_second > 1e9 {
        return Rate::per_second(u32::MAX);
    }
    Rate { permits: 1, per: time::Duration::from_nanos((1e9 / per_second).round() as u64) }
}

impl Layer for RateLimitConfig {
    fn plan(&self, _: &mut Place<'_, '_>) -> Vec<LayerPlan> {
        vec![LayerPlan::new(*self)]
    }

    fn check(&self) -> Result<(), ConfigError> {
        self.check()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_exact_where_people_write_them() {
        let of = |text: &str| exact(units::Rate::parse(text).unwrap().0);
        let seconds = time::Duration::from_secs;
        assert_eq!(of("100/s"), Rate::per_second(100));
        assert_eq!(of("7/m"), Rate { permits: 7, per: seconds(60) });
        assert_eq!(of("7/h"), Rate { permits: 7, per: seconds(3_600) });
        assert_eq!(of("2.5/s"), Rate { permits: 150, per: seconds(60) });
        assert_eq!(of("1/ms"), Rate::per_second(1_000));
        assert_eq!(of("0/s").permits, 0);
        assert_eq!(of("99999999999/s").permits, u32::MAX);
        assert_eq!(of("0.123456789/s").permits, 1);
    }
}
