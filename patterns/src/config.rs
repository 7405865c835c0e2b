//! What the configurations of all policies have in common.
//!
//! A configuration is plain data with public fields and a default. Its `check` says whether a
//! layer can be built from it; the constructors of the layers panic where it would not pass.

use std::fmt;

/// Why a configuration makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The field at fault, with dots between the levels.
    pub field: &'static str,
    /// What it must be.
    pub reason: &'static str,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.field, self.reason)
    }
}

impl std::error::Error for ConfigError {}

pub(crate) fn require(
    holds: bool,
    field: &'static str,
    reason: &'static str,
) -> Result<(), ConfigError> {
    if holds { Ok(()) } else { Err(ConfigError { field, reason }) }
}

/// For the constructors of layers.
pub(crate) fn assert_checked(checked: Result<(), ConfigError>) {
    if let Err(error) = checked {
        panic!("the configuration of a layer must pass its check: {error}");
    }
}

/// The share of a whole: above 0, at most 1.
pub(crate) fn is_share(share: f64) -> bool {
    share > 0.0 && share <= 1.0
}

/// A factor by which waits grow.
pub(crate) fn is_growth(factor: f64) -> bool {
    factor >= 1.0 && factor.is_finite()
}
