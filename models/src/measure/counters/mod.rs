//! What is counted, from the beginning on: of whatever is counted so, any window is a difference.

mod answers;
mod layers;
mod loads;
mod services;
mod stores;

pub use self::answers::Answers;
pub use self::layers::LayerCounters;
pub use self::loads::{Count, Counts, LoadCounters};
pub(super) use self::loads::{SLOWER, Whose};
pub use self::services::ServiceCounters;
pub use self::stores::StoreCounts;
