use super::rows::Rows;
use crate::charts::canvas::{Anchor, Canvas};
use crate::palette::{self, MUTED};
use crate::result::{MessageCapture, RunResult, StateLane};

/// More changes of a place than this are not shown.
const CHANGES: usize = 12;

/// What a place was in while the picture lasts, from the beginning on: each moment with the state from then on.
pub(super) fn states<'a>(
    result: &'a RunResult,
    name: &str,
    (from, until): (u64, u64),
) -> Vec<(u64, &'a str)> {
    let Some(lane) = result.states.iter().find(|lane| lane.name == name) else {
        return vec![(from, "up")];
    };
    let StateLane { initial, changes, .. } = lane;
    let before = changes.iter().take_while(|change| change.at_ns <= from).last();
    let first = before.map_or(initial, |change| &change.state);
    let within = changes.iter().filter(|change| change.at_ns > from && change.at_ns <= until);
    let within = within.map(|change| (change.at_ns, change.state.as_str()));
    [(from, first.as_str())].into_iter().chain(within.take(CHANGES)).collect()
}

/// The line of a place, thick where it is not up.
pub(super) fn paint(canvas: &mut Canvas<'_>, rows: &Rows, x: f64, states: &[(u64, &str)]) {
    let is_up = |state: &str| matches!(state, "up" | "draining");
    for (at, (moment, state)) in states.iter().enumerate() {
        let from = rows.y(*moment);
        let to = states.get(at + 1).map_or(rows.bottom, |(next, _)| rows.y(*next));
        match is_up(state) {
            true => canvas.line(&[(x, from), (x, to)], MUTED, 1.0),
            false => canvas.rect((x - 2.5, from), (x + 2.5, to), palette::state(state), 1.0),
        }
        if at > 0 || !is_up(state) {
            canvas.text((x + 6.0, from), state, 10.5, MUTED, Anchor::Start);
        }
        canvas.hover((x, from), (x, to), state);
    }
}

/// What happened to the message at its places.
pub(super) fn marks(
    canvas: &mut Canvas<'_>,
    rows: &Rows,
    capture: &MessageCapture,
    x: impl Fn(usize) -> Option<f64>,
) {
    for mark in &capture.marks {
        if let Some(x) = x(mark.place) {
            let at = (x, rows.y(mark.at_ns));
            canvas.dot(at, 4.5, palette::PASSED, 1.0);
            canvas.text((x + 8.0, at.1), &mark.what, 10.5, palette::INK, Anchor::Start);
        }
    }
}
