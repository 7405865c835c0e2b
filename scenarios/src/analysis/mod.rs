//! What can be said of a plan without running it.

mod bill;
mod graph;
mod lints;
mod overload;
mod requests;

pub use self::bill::{Bill, Cost, Item};
pub(crate) use self::bill::{bill, most_held, refuse, too_many_replicas};
pub(crate) use self::graph::{Graph, report_cycle};
pub(crate) use self::lints::lint;
