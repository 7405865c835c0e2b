use cascadia_models::plan;

use super::kind::ArrivalKind;
use super::rate::check_rate;
use crate::diagnostics::Report;
use crate::text::Node;

/// A Poisson process.
#[derive(Debug)]
pub(super) struct Poisson {
    pub(super) rate: f64,
}

impl ArrivalKind for Poisson {
    fn plan(&self, name: &str, node: &Node, report: &mut Report) -> plan::Arrivals {
        check_rate(self.rate, name, node, report);
        plan::Arrivals::Poisson(self.rate)
    }
}
