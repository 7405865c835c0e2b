//! What goes wrong, and where.
//!
//! A fault is a closure over what it can do: to replicas by the verbs of [`Hit`], to messages by a
//! [`Fate`]. The world knows the verbs and no kinds, so a new kind is written where it is needed. What
//! is no closure is how many members a group has meanwhile, and how wrong clocks are.
//!
//! ```
//! use cascadia_models::plan::{Effect, Fate, Side, Target};
//!
//! let half_speed = |target: Target| Effect::on(target, |hit| hit.slow(2.0));
//! let lossy = |from: Side, to: Side| {
//!     Effect::between(move |message| match message.passes_between(&from, &to) {
//!         true if message.drawn(0.2) => Fate::Lost,
//!         _ => Fate::Untouched,
//!     })
//! };
//! # let _ = (half_speed, lossy);
//! ```

mod errors;
mod hit;
mod skew;
mod target;

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::Time;

pub use self::errors::{After, Errors};
pub use self::hit::Hit;
pub use self::skew::Skew;
pub use self::target::{Pick, Target};

use super::ServiceId;
use crate::network::{Fate, MetBy, Party, Passage};

/// Something that goes wrong for a while.
#[derive(Clone, Debug)]
pub struct FaultPlan {
    /// Its name, which no other fault of the plan has.
    pub name: String,
    /// When it begins.
    pub start: Time,
    /// When it ends.
    pub end: Time,
    /// What it does.
    pub effect: Effect,
}

/// What goes wrong. Every run of a plan asks again, so what is done depends on nothing else.
#[derive(Clone)]
pub enum Effect {
    /// Something happens to replicas; asked when the fault begins and when it ends.
    Replicas(Target, Arc<HitBy>),
    /// Something happens to messages; asked for every one meanwhile.
    Messages(Arc<MetBy>),
    /// A service or a group of components has another number of members meanwhile.
    Members(Scale),
    /// Wall clocks are wrong meanwhile. The clients of a load have one together.
    Clocks(Target<Party>, Skew),
}

// Nothing in it changes, so there is nothing that a panic could leave half done.
impl RefUnwindSafe for Effect {}
impl UnwindSafe for Effect {}

/// How many members a service or a group of components has. Balancers are told at once.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// Whose number it is.
    pub group: ServiceId,
    /// How many, at least 1.
    pub to: u32,
    /// How long those who leave take what is still on its way to them. Then they refuse it, end what
    /// they have, and are gone.
    pub grace: Duration,
}

/// What happens to a replica.
pub type HitBy = dyn Fn(&dyn Hit) + Send + Sync;

impl Effect {
    /// Something happens to replicas.
    pub fn on(target: Target, effect: impl Fn(&dyn Hit) + Send + Sync + 'static) -> Self {
        Self::Replicas(target, Arc::new(effect))
    }

    /// Something happens to messages.
    pub fn between(effect: impl Fn(&Passage) -> Fate + Send + Sync + 'static) -> Self {
        Self::Messages(Arc::new(effect))
    }

    /// Whether it stretches work in progress of a service.
    pub(crate) fn stretches(&self, service: ServiceId) -> bool {
        match self {
            Self::Replicas(target, effect) if target.may_hit(service) => hit::stretches(&**effect),
            _ => false,
        }
    }
}

impl fmt::Debug for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Replicas(target, _) => f.debug_tuple("Replicas").field(target).finish(),
            Self::Messages(_) => f.write_str("Messages"),
            Self::Members(scale) => f.debug_tuple("Members").field(scale).finish(),
            Self::Clocks(target, skew) => {
                f.debug_tuple("Clocks").field(target).field(skew).finish()
            }
        }
    }
}
