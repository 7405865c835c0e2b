//! What the time of a request was spent on, from top to bottom: each call below the one for which it was made, and
//! each beside the time at which it was under way.

mod bars;
mod rows;
#[cfg(test)]
mod tests;

use self::rows::{Row, rows};
use crate::charts::canvas::{Anchor, Canvas, WIDTH, fitting};
use crate::charts::caption::left_out;
use crate::charts::kind::{Draw, Kind};
use crate::charts::picture::{Drawn, Picture};
use crate::charts::scale::Scale;
use crate::format;
use crate::palette::{GRID, INK, MUTED};
use crate::result::{Exemplar, ExemplarKind, RunResult};
use crate::story;

/// Where the bars begin and end.
const FROM: f64 = 290.0;
const TO: f64 = 812.0;

/// Where the first row is, and how far the next one is below it.
const TOP: f64 = 72.0;
const ROW: f64 = 18.0;

/// The size of the text in a row.
const SMALL: f64 = 11.0;

/// How far a call is to the right of the one for which it was made, and how deep that is shown.
const INDENT: f64 = 10.0;
const DEEPEST: usize = 12;

pub(super) const KIND: Kind =
    Kind { name: "waterfall", title: "What a request went through", draw: Draw::Exemplar(draw) };

/// A request that was followed.
fn draw<'a>(result: &'a RunResult, exemplar: &'a Exemplar) -> Drawn<'a> {
    if exemplar.spans.is_empty() {
        return Err(format!("Nothing is known of a request of {}.", exemplar.load));
    }
    let (rows, more) = rows(&exemplar.spans);
    let height = TOP + ROW * rows.len() as f64 + 8.0;
    let caption = caption(result, exemplar, rows.len(), more);
    let title = format!("What a request went through: {}", example(exemplar));
    let axis = Axis::of(exemplar);
    let paint = move |canvas: &mut Canvas<'_>| {
        times(canvas, &axis, height);
        for (at, row) in rows.iter().enumerate() {
            let y = TOP + ROW * (at as f64 + 0.5);
            label(canvas, row, y);
            bars::paint(canvas, &axis, row, y);
        }
    };
    Ok(Picture { title: Some(title), caption, height, paint: Box::new(paint) })
}

/// From moments of a request to places beside each other.
struct Axis {
    begin_ns: u64,
    scale: Scale,
}

impl Axis {
    fn of(exemplar: &Exemplar) -> Self {
        let begin_ns = exemplar.spans[0].begin_ns;
        Self { begin_ns, scale: Scale::from_zero(exemplar.latency_ns() as f64) }
    }

    fn x(&self, ns: u64) -> f64 {
        self.place((ns - self.begin_ns) as f64)
    }

    fn place(&self, since_begin: f64) -> f64 {
        FROM + (TO - FROM) * self.scale.share(since_begin)
    }
}

/// How long after its intended send.
fn times(canvas: &mut Canvas<'_>, axis: &Axis, height: f64) {
    for tick in axis.scale.ticks(5) {
        let x = axis.place(tick);
        canvas.line(&[(x, TOP - 6.0), (x, height - 6.0)], GRID, 0.8);
        let text = if tick == 0.0 { "0".to_owned() } else { format::duration(tick) };
        canvas.text((x, TOP - 14.0), &text, SMALL, MUTED, Anchor::Middle);
    }
}

/// Who is called, and how long that took.
fn label(canvas: &mut Canvas<'_>, row: &Row<'_>, y: f64) {
    let x = 16.0 + INDENT * row.depth.min(DEEPEST) as f64;
    let color = if row.is_critical { INK } else { MUTED };
    canvas.text(
        (x, y),
        &fitting(&row.label(), SMALL, FROM - 12.0 - x),
        SMALL,
        color,
        Anchor::Start,
    );
    let took = fitting(&row.took(), SMALL, WIDTH - 8.0 - TO - 8.0);
    canvas.text((TO + 8.0, y), &took, SMALL, color, Anchor::Start);
}

/// What it is an example of.
fn example(exemplar: &Exemplar) -> String {
    let load = &exemplar.load;
    match exemplar.of {
        ExemplarKind::Failed => format!("the first of {load} to fail in the commonest way"),
        ExemplarKind::Slowest => format!("the slowest of {load} that ended in ok"),
        ExemplarKind::Median => format!("one of {load} that took as long as the median"),
    }
}

fn caption(result: &RunResult, exemplar: &Exemplar, shown: usize, more: usize) -> String {
    let more = left_out(more + exemplar.left_out as usize, "more part", "more parts");
    format!(
        "Request {} was to be sent at {} and took {}: {}. Colours are those of outcomes, grey where a caller had gone \
         before the end; full: it is worked on, pale: it waits for a worker or a layer lets it wait, a line: it is on its \
         way. Thick is what the end was waited for; n = {}.{more}",
        exemplar.request,
        format::moment(exemplar.spans[0].begin_ns),
        format::duration(exemplar.latency_ns() as f64),
        story::exemplar(result, exemplar),
        format::count(shown as u64),
    )
}
