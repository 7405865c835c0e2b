use std::fmt::Debug;

use cascadia_models::plan;

use crate::diagnostics::Report;
use crate::text::Node;

/// What a kind of arrivals is.
pub(crate) trait ArrivalKind: Debug {
    /// What it is in a plan; `node` is the load `name`. What makes no sense is reported.
    fn plan(&self, name: &str, node: &Node, report: &mut Report) -> plan::Arrivals;
}
