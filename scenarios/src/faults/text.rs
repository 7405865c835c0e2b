use cascadia_models::plan::{FaultPlan, Plan};

use super::Fault;
use crate::text::Node;

/// A fault in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultText {
    /// Its name.
    pub name: String,
    /// What it does, such as "slow ×10 on db".
    pub description: String,
    /// When it begins.
    pub start_ns: u64,
    /// When it ends.
    pub end_ns: u64,
}

/// The faults of a plan in words.
pub(crate) fn texts(faults: &[(&Node, Option<Fault>)], plan: &Plan) -> Vec<FaultText> {
    let faults = plan.faults.iter().zip(faults);
    let text = |(plan, (_, fault)): (&FaultPlan, &(&Node, Option<Fault>))| FaultText {
        name: plan.name.clone(),
        description: fault.as_ref().map(|fault| fault.kind.words()).unwrap_or_default(),
        start_ns: plan.start.as_nanos(),
        end_ns: plan.end.as_nanos(),
    };
    faults.map(text).collect()
}
