/// What became of a check in a run.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckOutcome {
    /// What was measured, in nanoseconds, requests a second, shares of one or plain numbers; for
    /// `within` in the window that is least likely to be chance.
    pub measured: Option<f64>,
    /// The same for people; where the check is inconclusive, why it is.
    pub measured_text: String,
    /// What it was held against, in the same unit; for `within` what is let pass there, with what may
    /// be chance, on the side of what was measured.
    pub bound: f64,
    /// The same for people, with the comparison.
    pub bound_text: String,
    /// The verdict.
    pub status: CheckStatus,
    /// Where the window begins that decides.
    pub start_ns: u64,
    /// Where it ends.
    pub end_ns: u64,
}

/// The verdict on a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CheckStatus {
    /// It holds.
    Passed,
    /// It does not hold.
    Failed,
    /// There was nothing, or too little, to say it of.
    Inconclusive,
}
