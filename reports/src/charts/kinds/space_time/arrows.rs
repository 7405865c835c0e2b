use std::collections::BTreeMap;

use super::rows::Rows;
use crate::charts::canvas::{Anchor, Canvas, Point};
use crate::format;
use crate::palette::{Color, FAILED, INK, MUTED, SERIES};
use crate::result::Transit;

/// What is said all the time, and of others than the message not worth a label.
const USUAL: [&str; 9] =
    ["publish", "confirm", "deliver", "ack", "settled", "answer", "credit", "heartbeat", "extend"];

/// How far down an arrow goes that never comes.
const LOST: f64 = 9.0;

/// A moment, to the microsecond.
pub(super) fn moment(ns: u64) -> String {
    format!("{:.6} s", ns as f64 / 1e9)
}

/// Something on the wire between two places.
pub(super) fn paint(
    canvas: &mut Canvas<'_>,
    rows: &Rows,
    one: &Transit,
    names: [&str; 2],
    [from, to]: [f64; 2],
) {
    let (color, width) = if one.is_about { (SERIES, 2.0) } else { (MUTED, 0.8) };
    let (begin, end) = ends(rows, one, [from, to]);
    canvas.line(&[begin, end], color, width);
    match one.is_received {
        true => head(canvas, begin, end, color),
        false => cross(canvas, end),
    }
    canvas.hover(begin, end, &said(one, names));
}

/// Where it begins and where it ends.
fn ends(rows: &Rows, one: &Transit, [from, to]: [f64; 2]) -> (Point, Point) {
    let begin = (from, rows.y(one.sent_ns));
    let end = match one.arrives_ns {
        Some(at) => (to, rows.y(at)),
        None => (f64::midpoint(from, to), begin.1 + LOST),
    };
    (begin, end)
}

/// What those are that are drawn, once for all that go the same way at the same time.
pub(super) fn label(
    canvas: &mut Canvas<'_>,
    rows: &Rows,
    drawn: &[&Transit],
    x: impl Fn(usize) -> Option<f64>,
) {
    let mut labels: BTreeMap<_, Label<'_>> = BTreeMap::new();
    for one in drawn.iter().filter(|one| one.is_about || !USUAL.contains(&&*one.kind)) {
        let Some((from, to)) = x(one.from).zip(x(one.to)) else { continue };
        let way = (one.from, one.to, one.sent_ns, one.arrives_ns);
        let ends = ends(rows, one, [from, to]);
        let label = labels.entry(way).or_insert(Label { ends, color: MUTED, kinds: Vec::new() });
        if one.is_about {
            label.color = INK;
        }
        if !label.kinds.contains(&&*one.kind) {
            label.kinds.push(&one.kind);
        }
    }
    for Label { ends: (begin, end), color, kinds } in labels.into_values() {
        let along = |from: f64, to: f64| from + (to - from) * 0.3;
        let at = (along(begin.0, end.0), along(begin.1, end.1) - 6.0);
        canvas.text(at, &kinds.join(", "), 10.5, color, Anchor::Middle);
    }
}

/// What goes one way at one time.
struct Label<'a> {
    ends: (Point, Point),
    color: Color,
    kinds: Vec<&'a str>,
}

/// Where it came, pointed.
fn head(canvas: &mut Canvas<'_>, (x0, y0): Point, (x, y): Point, color: Color) {
    let long = libm::hypot(x - x0, y - y0).max(1.0);
    let (along, across) = (((x - x0) / long, (y - y0) / long), ((y0 - y) / long, (x - x0) / long));
    let corner =
        |side: f64| (x - 8.0 * along.0 + side * across.0, y - 8.0 * along.1 + side * across.1);
    canvas.area(&[(x, y), corner(3.5), corner(-3.5)], color, 1.0);
}

/// Where it was lost.
fn cross(canvas: &mut Canvas<'_>, (x, y): Point) {
    for side in [4.0, -4.0] {
        canvas.line(&[(x - 4.0, y - side), (x + 4.0, y + side)], FAILED, 2.0);
    }
}

fn said(one: &Transit, [from, to]: [&str; 2]) -> String {
    let came = match one.arrives_ns {
        Some(at) if one.is_received => format!("received {}", moment(at)),
        Some(at) => format!("came {}, when nobody was there", moment(at)),
        None => "lost on its way".to_owned(),
    };
    let took = one.arrives_ns.map(|at| format::duration((at - one.sent_ns) as f64));
    let took = took.map_or_else(String::new, |took| format!(" ({took} later)"));
    let text = if one.text.is_empty() { String::new() } else { format!(". {}", one.text) };
    let kind = &one.kind;
    format!("{kind} from {from} to {to}: sent {}, {came}{took}{text}", moment(one.sent_ns))
}
