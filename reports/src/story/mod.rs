//! What happened, in words. The figures and the verdicts are those of the result; nothing is worked out
//! here that a check could see otherwise.

mod cause;
mod events;
mod latency;
mod recovery;
mod storm;

pub use self::cause::{cause, main_cause};
pub use self::events::{Event, events};
pub use self::recovery::{Recovery, recoveries};
pub use self::storm::{Storm, storm};
