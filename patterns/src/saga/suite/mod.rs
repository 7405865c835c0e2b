//! What a saga must come to on every store, whoever is killed while it drives it.
//!
//! Both assert nothing: whoever kills them compares what came of it with their end. A [`Trial`] is a saga of four steps
//! whose participant is on the store of its orchestrator. An [`Unpaid`] one waits for what does not come, until its time is
//! over by a clock that may be [off](Skewed).

mod skewed;
mod trial;
mod unpaid;

pub use self::skewed::Skewed;
pub use self::trial::{Ended, Trial, cast};
pub use self::unpaid::Unpaid;
