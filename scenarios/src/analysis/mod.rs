//! What can be said of a plan without running it.

mod graph;
mod limits;
mod lints;
mod overload;
mod requests;

pub(crate) use self::graph::{Graph, report_cycle};
pub(crate) use self::limits::{check_limits, too_many_replicas};
pub(crate) use self::lints::lint;
