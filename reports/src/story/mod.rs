//! What happened, in words and figures that are worked out from the series.
//!
//! The *baseline* of a load is the share of what it offered that ended in success, from the warm-up to
//! the first fault, and goodput is held against that share of what is offered at each moment; of
//! clients that wait for their answers it is mean goodput while they send. Counts scatter even in a
//! healthy run, so goodput counts as low only where it is low by more than three standard
//! deviations of a Poisson count.

mod bystander;
mod cause;
mod culprit;
mod events;
mod exemplar;
mod falls;
mod figures;
mod goodput;
mod latency;
mod recovery;
mod storm;
mod timeline;

pub use self::cause::{cause, main_cause};
pub use self::culprit::{commonest, culprit};
pub use self::events::{Event, events};
pub use self::exemplar::exemplar;
pub(crate) use self::exemplar::part;
pub use self::falls::{Fall, falls};
pub use self::recovery::{Back, Recovery, recoveries};
pub use self::storm::{Storm, storm};
pub use self::timeline::timeline;
