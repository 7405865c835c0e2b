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
    /// The services and groups of components that it may hit; none where it is about everybody.
    pub hits: Vec<String>,
    /// When it begins.
    pub start_ns: u64,
    /// When it ends.
    pub end_ns: u64,
}

/// The faults of a plan in words.
pub(crate) fn texts(
    faults: &[(&Node, Option<Fault>)],
    plan: &Plan,
    hits: &[Vec<String>],
) -> Vec<FaultText> {
    let all = plan.faults.iter().zip(faults).zip(hits);
    all.map(|((plan, (_, fault)), hits)| text(plan, fault.as_ref(), hits)).collect()
}

fn text(plan: &FaultPlan, fault: Option<&Fault>, hits: &[String]) -> FaultText {
    FaultText {
        name: plan.name.clone(),
        description: fault.map(|fault| fault.kind.words()).unwrap_or_default(),
        hits: hits.to_vec(),
        start_ns: plan.start.as_nanos(),
        end_ns: plan.end.as_nanos(),
    }
}
