//! Exit codes of the command line. They are a promise: scripts depend on them.

/// Everything passed.
pub const PASSED: u8 = 0;
/// A defect of the simulator itself.
pub const INTERNAL: u8 = 1;
/// The command line is wrong, or a file is missing, unreadable or unwritable.
pub const USAGE: u8 = 2;
/// A scenario is invalid.
pub const INVALID: u8 = 3;
/// A check failed.
pub const FAILED: u8 = 4;
/// An invariant of the simulation is broken.
pub const INVARIANT: u8 = 5;
/// The same run gave another digest.
pub const NOT_DETERMINISTIC: u8 = 6;
/// Too few samples for a verdict.
pub const INCONCLUSIVE: u8 = 7;
/// Stopped by the user; partial results are kept and marked.
pub const INTERRUPTED: u8 = 130;
