use super::Axis;
use super::rows::Row;
use crate::charts::canvas::Canvas;
use crate::format;
use crate::palette::{Color, GRID, MUTED};
use crate::result::{Span, SpanKind};
use crate::story;

/// Half the height of a bar, of what the end was waited for and of the rest.
const THICK: f64 = 5.5;
const THIN: f64 = 2.5;

/// How wide it is at least, however short.
const LEAST: f64 = 1.5;

/// How much of its colour is seen while something waits.
const PALE: f64 = 0.35;

/// A call and its stages, beside the time at which it was under way.
pub(super) fn paint(canvas: &mut Canvas<'_>, axis: &Axis, row: &Row<'_>, y: f64) {
    let color = row.span.outcome.map_or(MUTED, |outcome| outcome.color());
    let half = if row.is_critical { THICK } else { THIN };
    let is_sent = matches!(row.span.kind, SpanKind::Attempt | SpanKind::Copy);
    if !is_sent || row.stages.is_empty() {
        bar(canvas, axis, row.span, y, (half, color, 1.0));
    }
    for stage in &row.stages {
        match stage.kind {
            SpanKind::Work => bar(canvas, axis, stage, y, (half, color, 1.0)),
            SpanKind::Queue => bar(canvas, axis, stage, y, (half, color, PALE)),
            SpanKind::Wait => bar(canvas, axis, stage, y, (half, GRID, 1.0)),
            _ => bar(canvas, axis, stage, y, (0.8, color, 1.0)),
        }
    }
    hover(canvas, axis, row.span, &said(row), y);
    for stage in &row.stages {
        let took = format::duration(stage.nanos() as f64);
        let what = story::part(row.span, stage);
        hover(canvas, axis, stage, &format!("{took} {what}"), y);
    }
}

fn bar(canvas: &mut Canvas<'_>, axis: &Axis, span: &Span, y: f64, look: (f64, Color, f64)) {
    let (from, to) = (axis.x(span.begin_ns), axis.x(span.end_ns));
    let (half, color, opacity) = look;
    canvas.rect((from, y - half), (to.max(from + LEAST), y + half), color, opacity);
}

fn hover(canvas: &mut Canvas<'_>, axis: &Axis, span: &Span, text: &str, y: f64) {
    let (from, to) = (axis.x(span.begin_ns), axis.x(span.end_ns));
    canvas.hover((from, y), (to.max(from + LEAST), y), text);
}

/// All there is to say of a call.
fn said(row: &Row<'_>) -> String {
    let text = match row.span.text.as_str() {
        "" => String::new(),
        text => format!(": {text}"),
    };
    format!("{}, {}{text}", row.label(), row.took())
}
