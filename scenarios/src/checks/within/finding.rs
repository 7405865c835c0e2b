use crate::checks::outcome::CheckStatus;
use crate::checks::sample::Sample;

/// The share of healthy runs that may fail. Half of it is for the whole stretch, and the windows
/// share the other half.
pub(in crate::checks) const FALSE_ALARMS: f64 = 0.01;
/// The share of runs with a change of twice the bound that may pass.
pub(in crate::checks) const OVERSIGHTS: f64 = 0.05;

/// A sample, and for how long of it the load sends.
#[derive(Clone, Debug)]
pub(in crate::checks) struct Stretch {
    pub(in crate::checks) sample: Sample,
    pub(in crate::checks) sending: u64,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::checks) struct Finding {
    pub(in crate::checks) status: CheckStatus,
    /// The value in the window that decides, and the least and the greatest that are let pass in it.
    pub(in crate::checks) measured: f64,
    pub(in crate::checks) allowed: (f64, f64),
    /// What was to be expected there.
    pub(in crate::checks) due: f64,
    /// The window that decides: that which is least likely to be chance.
    pub(in crate::checks) from: u64,
    pub(in crate::checks) until: u64,
}

/// Why nothing can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::checks) enum Silent {
    /// There is too little before the first fault.
    Before,
    /// There are too few windows before the first fault to know how they scatter.
    Scatter,
    /// There is too little in one of the windows.
    During,
}
