use super::Chart;
use super::canvas::Canvas;
use super::frame::{self, Key, LEFT, RIGHT, Row, Space};
use super::plot;
use crate::format;
use crate::palette;
use crate::result::{RunResult, StateLane};

/// More lanes than this are not drawn.
const LANES: usize = 40;
const TITLE: &str = "States of breakers and instances";

/// A lane per circuit breaker and instance that changed state.
pub(super) fn chart(result: &RunResult) -> Chart {
    if result.states.is_empty() {
        let why = "No breaker and no instance changed its state.".to_owned();
        return plot::chart(result, "states", "", TITLE, why, frame::render_empty);
    }
    let shown = &result.states[..result.states.len().min(LANES)];
    let more = match result.states.len() - shown.len() {
        0 => String::new(),
        n => format!(" {n} more lanes are not shown."),
    };
    let caption = format!(
        "Every breaker and instance that changed its state, n = {}; {}.{more}",
        format::count(result.states.len() as u64),
        plot::note(result)
    );
    let rows: Vec<Row<'_>> = shown.iter().map(row).collect();
    plot::chart(result, "states", "", TITLE, caption, |texts| {
        frame::render(result, texts, &legend(shown), &rows)
    })
}

/// The states that occur, in the order of first appearance.
fn legend(lanes: &[StateLane]) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::new();
    let later = |lane: &StateLane| lane.changes.iter().map(|change| change.state.clone()).collect();
    for lane in lanes {
        let states: Vec<String> = later(lane);
        for state in [lane.initial.clone()].into_iter().chain(states) {
            let key = (palette::state(&state), state.replace('_', "-"));
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    keys
}

fn row(lane: &StateLane) -> Row<'_> {
    let dropped = match lane.dropped {
        0 => String::new(),
        n => format!(" (the last {} changes were not kept)", format::count(n)),
    };
    Row {
        heading: None,
        label: format!("{}{dropped}", lane.name),
        height: 12.0,
        scale: None,
        paint: Box::new(|canvas, space| paint(canvas, space, lane)),
    }
}

fn paint(canvas: &mut Canvas<'_>, space: &Space, lane: &StateLane) {
    let mut state = lane.initial.as_str();
    let mut from = LEFT;
    for change in &lane.changes {
        let to = space.x(change.at_ns as f64);
        segment(canvas, space, state, from, to);
        (state, from) = (change.state.as_str(), to);
    }
    segment(canvas, space, state, from, RIGHT);
}

/// One state; visible however short it was, unless it was over before the picture begins.
fn segment(canvas: &mut Canvas<'_>, space: &Space, state: &str, from: f64, to: f64) {
    if to <= LEFT {
        return;
    }
    let to = to.max(from + 1.0).min(RIGHT);
    canvas.rect((from, space.top), (to, space.bottom), palette::state(state), 1.0);
}
