use cascadia_patterns::rate_limit::{Algorithm, Rate, RateLimitConfig};

use super::or;
use crate::dto;
use crate::units;

pub(super) fn config(dto::RateLimit(limit): &dto::RateLimit) -> RateLimitConfig {
    let algorithm = match limit.algorithm {
        dto::RateAlgorithm::TokenBucket(bucket) => {
            Algorithm::TokenBucket { rate: rate(bucket.rate), burst: burst(bucket) }
        }
        dto::RateAlgorithm::Gcra(bucket) => {
            Algorithm::Gcra { rate: rate(bucket.rate), burst: burst(bucket) }
        }
        dto::RateAlgorithm::SlidingLog(dto::RateWindow { limit, window }) => {
            Algorithm::SlidingLog { limit, window: window.std() }
        }
        dto::RateAlgorithm::SlidingCounter(dto::RateWindow { limit, window }) => {
            Algorithm::SlidingCounter { limit, window: window.std() }
        }
        dto::RateAlgorithm::FixedCycle(dto::RateWindow { limit, window }) => {
            Algorithm::FixedCycle { limit, window: window.std() }
        }
    };
    RateLimitConfig { max_wait: or(limit.max_wait, std::time::Duration::ZERO), algorithm }
}

/// The calls of a second, if nothing is said.
fn burst(bucket: dto::RateBucket) -> u32 {
    bucket.burst.unwrap_or_else(|| bucket.rate.0.ceil() as u32)
}

/// As two whole numbers, exact where it is so many in a second, a minute, an hour or a day.
fn rate(units::Rate(per_second): units::Rate) -> Rate {
    for seconds in [1, 60, 3_600, 86_400] {
        let permits = per_second * seconds as f64;
        let whole = permits.round();
        if (permits - whole).abs() <= permits * 1e-12 && whole < f64::from(u32::MAX) {
            let per = std::time::Duration::from_secs(seconds);
            return Rate { permits: whole as u32, per };
        }
    }
    if per_second > 1e9 {
        return Rate::per_second(u32::MAX);
    }
    Rate { permits: 1, per: std::time::Duration::from_nanos((1e9 / per_second).round() as u64) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_exact_where_people_write_them() {
        let of = |text: &str| rate(units::Rate::parse(text).unwrap());
        let seconds = std::time::Duration::from_secs;
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
