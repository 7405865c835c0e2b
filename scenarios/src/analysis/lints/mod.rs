//! What can be run and is probably not meant, a file for each of whom it is about.

mod calls;
mod faults;
mod policies;
mod silence;

use cascadia_models::plan::Plan;

use super::Graph;
use crate::diagnostics::Report;
use crate::names::Names;
use crate::read::File;

/// Warns of what is probably not meant.
pub(crate) fn lint(
    plan: &Plan,
    graph: &Graph,
    file: &File<'_>,
    names: &Names<'_>,
    is_variant: bool,
    report: &mut Report,
) {
    calls::lint(plan, graph, file, names, report);
    policies::lint(plan, file, is_variant, report);
    faults::lint(plan, graph, file, report);
    silence::lint(plan, file, names, report);
}
