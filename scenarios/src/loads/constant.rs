use cascadia_models::plan;

use super::kind::ArrivalKind;
use super::rate::check_rate;
use crate::diagnostics::Report;
use crate::text::Node;

/// Evenly spaced.
#[derive(Debug)]
pub(super) struct Constant {
    pub(super) rate: f64,
}

impl ArrivalKind for Constant {
    fn plan(&self, name: &str, node: &Node, report: &mut Report) -> plan::Arrivals {
        check_rate(self.rate, name, node, report);
        plan::Arrivals::Constant(self.rate)
    }
}
