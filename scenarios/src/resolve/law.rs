use cascadia_models::laws::Law;

use crate::diagnostics::{Diagnostic, Report};
use crate::dto;
use crate::text::Span;

/// The law, or a report and a placeholder.
pub(crate) fn law(law: &dto::Law, span: Span, report: &mut Report) -> Law {
    law.resolve().unwrap_or_else(|sentence| {
        let message = format!("this law does not exist: {sentence} (times in ns)");
        report.push(Diagnostic::error("S032", message).at(span, "this law"));
        Law::Constant(0.0)
    })
}
