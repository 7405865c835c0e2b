//! The kinds of steps: each in a plan, as others see it, compiled, and at work. Nothing else knows
//! of a kind.

mod op;
mod plan;
mod run;
mod visit;

pub(crate) use self::op::IsSafe;
pub(super) use self::op::{Op, Sites, compile, only_work};
pub use self::plan::{Step, Way};
pub(super) use self::run::run;
pub use self::visit::Visit;
