//! What happened, in words. The figures and the verdicts are those of the result; nothing is worked out
//! here that a check could see otherwise.

mod bystander;
mod cause;
mod culprit;
mod events;
mod exemplar;
mod falls;
mod figures;
mod goodput;
mod latency;
mod messages;
mod recovery;
mod sagas;
mod storm;
mod timeline;

pub use self::cause::{cause, main_cause};
pub use self::culprit::{commonest, culprit};
pub use self::events::{Event, events};
pub use self::exemplar::exemplar;
pub(crate) use self::exemplar::part;
pub use self::falls::{Fall, falls};
pub use self::recovery::{Recovery, recoveries, verdict};
pub use self::storm::{Storm, storm};
pub use self::timeline::timeline;
