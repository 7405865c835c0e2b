/// Errors in a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Run {
    /// How many of them make an outlier.
    pub errors: u32,
    /// The share of outliers that is ejected.
    pub enforcing: f64,
}

/// A share of successes that is far below that of the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SuccessRate {
    /// How many standard deviations below the mean; 1.9.
    pub stdev_factor: f64,
    /// Endpoints that must have had `request_volume` calls; 5.
    pub minimum_hosts: u32,
    /// Calls in the last interval from which on an endpoint is looked at; 100.
    pub request_volume: u32,
    /// The share of outliers that is ejected; all.
    pub enforcing: f64,
}

/// A share of failures that is too large by itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FailurePercentage {
    /// The share; 0.85.
    pub threshold: f64,
    /// Endpoints that must have had `request_volume` calls; 5.
    pub minimum_hosts: u32,
    /// Calls in the last interval from which on an endpoint is looked at; 50.
    pub request_volume: u32,
    /// The share of outliers that is ejected.
    pub enforcing: f64,
}

impl Default for SuccessRate {
    fn default() -> Self {
        Self { stdev_factor: 1.9, minimum_hosts: 5, request_volume: 100, enforcing: 1.0 }
    }
}

/// As gRPC has it: all outliers are ejected.
impl Default for FailurePercentage {
    fn default() -> Self {
        Self { threshold: 0.85, minimum_hosts: 5, request_volume: 50, enforcing: 1.0 }
    }
}

pub(super) fn is_part(share: f64) -> bool {
    (0.0..=1.0).contains(&share)
}
