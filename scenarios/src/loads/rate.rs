use crate::diagnostics::{Diagnostic, Report};
use crate::text::Node;

/// Refuses a rate of zero.
pub(super) fn check_rate(rate: f64, name: &str, load: &Node, report: &mut Report) {
    if rate > 0.0 {
        return;
    }
    let open = load.get("open").unwrap_or(load);
    let place = open.members().iter().find(|member| !member.is_description());
    let span = place.map_or(open.span, |member| member.node.span);
    let message = format!("load `{name}` has a rate of zero");
    let diagnostic = Diagnostic::error("S030", message).at(span, "zero");
    report.push(diagnostic.help("write a rate above 0, such as \"100/s\""));
}
