//! What is counted, from the beginning on: of whatever is counted so, any window is a difference.

mod answers;
mod layers;
mod loads;
mod services;
mod stores;

pub use self::answers::Answers;
pub use self::layers::LayerCounters;
pub(super) use self::loads::Whose;
pub use self::loads::{Count, Counts, LoadCounters};
pub use self::services::ServiceCounters;
pub use self::stores::StoreCounts;
