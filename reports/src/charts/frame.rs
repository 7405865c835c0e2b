//! What all time charts share: size, margins, time axis, and fault lanes at the top.

use super::canvas::{Anchor, Canvas, Point, TEXT, WIDTH, text_width};
use super::picture::Picture;
use super::scale::Scale;
use super::time::Axis;
use crate::palette::{Color, FAULT, GRID, INK, MUTED, PAPER};
use crate::result::{FaultLane, RunResult};

/// The left edge of every plot.
pub(crate) const LEFT: f64 = 68.0;
/// The right edge of every plot; direct labels stand beyond it.
pub(crate) const RIGHT: f64 = 856.0;
/// More faults than this have shading but no lane.
pub(super) const LANES: usize = 12;

const LANE_HEIGHT: f64 = 17.0;
const LABEL_HEIGHT: f64 = 24.0;
const HEADING_HEIGHT: f64 = 26.0;
const FOOT: f64 = 40.0;

/// How a value of an axis is written.
pub(super) type Tick = fn(f64) -> String;
type Paint<'a> = Box<dyn Fn(&mut Canvas<'_>, &Space) + 'a>;

/// One panel of a chart.
pub(super) struct Row<'a> {
    /// Set in bold above the panel, where a group of panels begins.
    pub(super) heading: Option<String>,
    /// What the panel measures, and in what unit.
    pub(super) label: String,
    pub(super) height: f64,
    /// The vertical axis; lanes have none.
    pub(super) scale: Option<(Scale, Tick)>,
    pub(super) paint: Paint<'a>,
}

/// From time and value to a place on the sheet, within one panel.
#[derive(Clone, Copy)]
pub(super) struct Space {
    axis: Axis,
    scale: Scale,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

impl Space {
    pub(super) fn x(&self, ns: f64) -> f64 {
        LEFT + (RIGHT - LEFT) * self.axis.share(ns)
    }

    pub(super) fn y(&self, value: f64) -> f64 {
        self.bottom - (self.bottom - self.top) * self.scale.share(value)
    }

    pub(super) fn at(&self, ns: f64, value: f64) -> Point {
        (self.x(ns), self.y(value))
    }
}

/// A legend entry.
pub(super) type Key = (Color, String);

/// A chart over time: legend, fault lanes, panels, time axis.
pub(super) fn over_time<'a>(
    result: &'a RunResult,
    caption: String,
    legend: Vec<Key>,
    rows: Vec<Row<'a>>,
) -> Picture<'a> {
    let axis = Axis::of(result);
    let lanes = &result.faults[..result.faults.len().min(LANES)];
    let first =
        40.0 + if legend.is_empty() { 0.0 } else { 22.0 } + lanes.len() as f64 * LANE_HEIGHT;
    let height = first + rows.iter().map(Row::outer_height).sum::<f64>() + FOOT;
    let paint = move |canvas: &mut Canvas<'_>| {
        paint_legend(canvas, &legend, 44.0);
        let lane_top = first - lanes.len() as f64 * LANE_HEIGHT;
        for (fault, index) in lanes.iter().zip(0u32..) {
            paint_lane(canvas, axis, fault, lane_top + f64::from(index) * LANE_HEIGHT);
        }
        let mut top = first;
        for row in &rows {
            paint_row(canvas, result, axis, row, top);
            top += row.outer_height();
        }
        paint_time(canvas, axis, top);
    };
    Picture { title: None, caption, height, paint: Box::new(paint) }
}

impl Row<'_> {
    fn outer_height(&self) -> f64 {
        let heading = if self.heading.is_some() { HEADING_HEIGHT } else { 0.0 };
        heading + LABEL_HEIGHT + self.height
    }
}

fn paint_legend(canvas: &mut Canvas<'_>, legend: &[Key], y: f64) {
    let mut x = LEFT;
    for (color, text) in legend {
        canvas.rect((x, y - 5.0), (x + 11.0, y + 6.0), *color, 1.0);
        canvas.text((x + 16.0, y), text, TEXT, INK, Anchor::Start);
        x += 16.0 + text_width(text, TEXT) + 18.0;
    }
}

fn paint_lane(canvas: &mut Canvas<'_>, axis: Axis, fault: &FaultLane, top: f64) {
    let place = |ns: u64| LEFT + (RIGHT - LEFT) * axis.share(ns as f64);
    let (from, to) = (place(fault.start_ns), place(fault.end_ns).max(place(fault.start_ns) + 2.0));
    let middle = top + LANE_HEIGHT / 2.0;
    canvas.rect((LEFT, middle - 0.5), (RIGHT, middle + 0.5), GRID, 1.0);
    canvas.rect((from, middle - 4.0), (to, middle + 4.0), FAULT, 1.0);
    let text = format!("{} · {}", fault.name, fault.description);
    let wide = text_width(&text, TEXT);
    let (x, anchor) = if wide <= RIGHT - to - 8.0 {
        (to + 7.0, Anchor::Start)
    } else if wide <= from - LEFT - 8.0 {
        (from - 7.0, Anchor::End)
    } else {
        (from.min(RIGHT - wide).max(LEFT) + 14.0, Anchor::Start)
    };
    let left = if let Anchor::End = anchor { x - wide } else { x };
    let backing = ((left - 4.0, middle - 7.0), ((left + wide + 4.0).min(WIDTH), middle + 7.0));
    canvas.rect(backing.0, backing.1, PAPER, 1.0);
    canvas.text((x, middle), &text, TEXT, INK, anchor);
}

fn paint_row(canvas: &mut Canvas<'_>, result: &RunResult, axis: Axis, row: &Row<'_>, top: f64) {
    let mut label_y = top + LABEL_HEIGHT / 2.0 + 2.0;
    if let Some(heading) = &row.heading {
        canvas.bold((16.0, top + 18.0), heading, 13.5, INK);
        label_y += HEADING_HEIGHT;
    }
    canvas.text((LEFT, label_y), &row.label, TEXT, MUTED, Anchor::Start);
    let bottom = top + row.outer_height();
    let scale = row.scale.map_or_else(|| Scale::from_zero(1.0), |(scale, _)| scale);
    let space = Space { axis, scale, top: bottom - row.height, bottom };
    paint_faults(canvas, result, &space);
    if let Some((scale, tick)) = row.scale {
        let wanted = (row.height / 34.0).floor().clamp(2.0, 8.0) as usize;
        for value in scale.ticks(wanted) {
            let y = space.y(value);
            canvas.line(&[(LEFT, y), (RIGHT, y)], GRID, 1.0);
            canvas.text((LEFT - 8.0, y), &tick(value), TEXT, MUTED, Anchor::End);
        }
    }
    (row.paint)(canvas, &space);
    canvas.line(&[(LEFT, bottom), (RIGHT, bottom)], MUTED, 1.0);
}

fn paint_faults(canvas: &mut Canvas<'_>, result: &RunResult, space: &Space) {
    for fault in &result.faults {
        let (from, to) = (space.x(fault.start_ns as f64), space.x(fault.end_ns as f64));
        canvas.rect((from, space.top), (to, space.bottom), FAULT, 0.1);
        for (x, at) in [(from, fault.start_ns), (to, fault.end_ns)] {
            if space.axis.holds(at) {
                canvas.line(&[(x, space.top), (x, space.bottom)], FAULT, 0.8);
            }
        }
    }
}

fn paint_time(canvas: &mut Canvas<'_>, axis: Axis, top: f64) {
    for (ns, text) in axis.ticks() {
        let x = LEFT + (RIGHT - LEFT) * axis.share(ns);
        canvas.line(&[(x, top), (x, top + 5.0)], MUTED, 1.0);
        canvas.text((x, top + 15.0), &text, TEXT, MUTED, Anchor::Middle);
    }
    canvas.text((RIGHT + 104.0 - 16.0, top + 15.0), "simulated", TEXT, MUTED, Anchor::End);
}

/// Writes labels beyond the right edge at the heights of what they name, moved apart as needed.
pub(super) fn label_ends(canvas: &mut Canvas<'_>, space: &Space, mut labels: Vec<(f64, Key)>) {
    const APART: f64 = 15.0;
    labels.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut least = space.top + 2.0;
    for (y, _) in &mut labels {
        *y = y.max(least);
        least = *y + APART;
    }
    let mut most = space.bottom - 2.0;
    for (y, _) in labels.iter_mut().rev() {
        *y = y.min(most);
        most = *y - APART;
    }
    for (y, (color, text)) in labels {
        canvas.text((RIGHT + 8.0, y), &text, TEXT, color, Anchor::Start);
    }
}
