mod core;
mod layer;
mod properties;

use super::*;

/// Refuses from the first request on.
fn plain() -> ThrottleConfig {
    ThrottleConfig { min_per_second: 0.0, ..ThrottleConfig::default() }
}
