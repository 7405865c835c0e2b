//! What became of a load after a fault: recovered, not recovered, or metastable.
//!
//! A fault ends, and the question is whether the system is back. "Goodput is what it was" is no
//! answer: a load that falls by plan has less of it in health, counts scatter, and a system that
//! answers everybody four times as slowly is not back. So goodput is held against what is *due* (a
//! share of what is offered at each moment), latency against what it was, both only as far as
//! chance allows, and until something else changes by plan. Checks, the summary and the page all
//! say what is worked out here. `docs/verdicts.md` has the definitions.

mod back;
mod history;
mod overload;
#[cfg(test)]
mod tests;
mod verdict;
mod watch;

use crate::ids::LoadId;
use crate::measure::Measured;
use crate::plan::{FaultPlan, Plan};

pub use self::history::{Collapse, collapse};
pub use self::verdict::{Limit, Overload, Recovery, Verdict};

use self::history::History;
use self::watch::watch;

/// What became of each load after each fault that ended within the run, in the order of the ends.
///
/// Nothing is said of a load without a success before the first fault, nor of a fault while another
/// lasts.
pub fn recoveries(plan: &Plan, measured: &Measured) -> Vec<Recovery> {
    let Some(first) = plan.first_fault() else { return Vec::new() };
    let mut faults: Vec<(usize, &FaultPlan)> = plan.faults.iter().enumerate().collect();
    faults.sort_by_key(|(_, fault)| fault.end);
    let loads = plan.loads.iter().zip(&measured.loads).zip((0..).map(LoadId));
    let histories: Vec<(LoadId, History)> = loads
        .filter_map(|((plan, load), id)| Some((id, History::of(plan, load, measured, first)?)))
        .collect();
    let mut found = Vec::new();
    for (index, fault) in faults {
        let watched = histories
            .iter()
            .filter_map(|(id, history)| watch(plan, measured, history, (index, fault), *id));
        found.extend(watched);
    }
    found
}
