//! Which steps a saga has, and which of them can be undone.

mod builder;
mod error;
mod saga;
mod step;

pub use self::builder::Steps;
pub use self::error::DefinitionError;
pub use self::saga::{Definition, Siblings};
pub use self::step::{Attempts, Kind, Step};
