//! Where a saga is, and where it goes from there.

mod fold;
mod leg;
mod next;

pub use self::fold::{Phase, State};
pub use self::leg::{Attempt, Leg, StepState};
pub use self::next::Next;
