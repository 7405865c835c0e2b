//! How each layer stands in a stack, a file each.

#![expect(private_interfaces, reason = "stacks are built here alone")]

mod balance;
mod breaker;
mod bulkhead;
mod connection;
mod cooldown;
mod deadline;
mod fallback;
mod hedge;
mod idempotency;
mod key;
mod kind;
mod limit;
mod outlier;
mod pool;
mod rate_limit;
mod retry;
mod shed;
mod singleflight;
mod site;
mod throttle;
mod timeout;

pub(crate) use self::balance::{balancer, joins};
pub use self::connection::ConnectionPlan;
pub use self::fallback::FallbackPlan;
pub use self::idempotency::{IdempotencyPlan, KeptAt, KeyOf, Scope};
pub use self::key::{KeyBy, Keyed};
pub use self::kind::{Copies, FallbackStep, LayerKind, LayerPlan, Place, Repeats};
pub(crate) use self::site::{
    Aside, AtQueue, Balancer, LayerEnv, LookAgain, Site, Surroundings, Target,
};
