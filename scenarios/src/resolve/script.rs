use cascadia_models::plan;

use crate::diagnostics::Report;
use crate::names::Names;
use crate::steps::{Place, StepEl};

/// The steps of a plan.
pub(super) fn script(
    steps: &[StepEl<'_>],
    names: &Names<'_>,
    report: &mut Report,
) -> Vec<plan::Step> {
    let step = |step: &StepEl<'_>| {
        let branches = step.branches.iter().map(|steps| script(steps, names, report)).collect();
        step.step.as_ref()?.plan(&mut Place { names, node: step.node, report }, branches)
    };
    steps.iter().filter_map(step).collect()
}
