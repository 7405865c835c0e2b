//! The circuit breaker of most introductions, as a warning.
//!
//! It is what one writes down first: a counter, three states and the time of the last failure. It
//! is here to be run beside the [real one](super), because every one of its shortcuts is a
//! defect that shows only under load:
//!
//! - *It never forgets.* A success in the closed state leaves the count of failures alone, so five
//!   failures in a week open it as surely as five in a row. A service that is well at 99.9 % is cut
//!   off every few seconds of traffic.
//! - *It probes with everything.* In half-open every call passes, so the whole load hits a
//!   service that has only just come back.
//! - *It does not know whose outcome it sees.* A call from before the opening that succeeds late
//!   counts towards closing, one that fails late opens a circuit that was just being probed, and
//!   one that fails while it is open makes the wait begin anew.
//! - *It resets late.* The failures of before the opening are forgotten only when it closes, and the
//!   successes of half-open only when it opens or closes.
//! - *Its wait is always the same*, so the circuits of many callers probe together.
//!
//! ```text
//! CLOSED ── the fifth failure since it last closed ──> OPEN
//! OPEN ── first call more than 30 s after the last failure ──> HALF-OPEN
//! HALF-OPEN ── the third success ──> CLOSED
//!           ── a failure ──> OPEN
//! ```
//!
//! Do not use it. What takes its place: a [`Window`](super::Window) that slides, a few probes
//! ([`HalfOpen`](super::HalfOpen)), permits with generations and a wait that grows and is spread
//! ([`OpenWait`](super::OpenWait)).

mod config;
mod core;
mod layer;
#[cfg(test)]
mod tests;

pub use self::config::DocumentConfig;
pub use self::core::DocumentBreaker;
pub use self::layer::DocumentLayer;
