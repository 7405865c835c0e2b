use cascadia_models::plan;

use super::StepEl;
use crate::diagnostics::Report;
use crate::resolve::Names;
use crate::text::Node;

/// Where a step stands in its file, and what it may speak of.
pub(crate) struct Place<'a, 'f> {
    pub(super) names: &'a Names<'f>,
    pub(super) node: &'a Node,
    pub(super) report: &'a mut Report,
}

/// The steps of a plan.
pub(crate) fn script(
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
