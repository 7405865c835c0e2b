use crate::diagnostics::Report;
use crate::names::Names;
use crate::text::Node;

/// Where a step stands in its file, and what it may speak of.
pub(crate) struct Place<'a, 'f> {
    pub(crate) names: &'a Names<'f>,
    pub(crate) node: &'a Node,
    pub(crate) report: &'a mut Report,
}
