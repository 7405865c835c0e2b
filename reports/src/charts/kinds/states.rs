use crate::charts::canvas::Canvas;
use crate::charts::caption::{left_out, note};
use crate::charts::frame::{Key, LEFT, RIGHT, Row, Space, over_time};
use crate::charts::kind::{Draw, Kind};
use crate::charts::picture::Drawn;
use crate::format;
use crate::palette;
use crate::result::{RunResult, StateLane};

/// More lanes than this are not drawn.
const LANES: usize = 40;

pub(super) const KIND: Kind =
    Kind { name: "states", title: "States of breakers and instances", draw: Draw::Run(draw) };

/// A lane per circuit breaker and instance that changed state.
fn draw(result: &RunResult) -> Drawn<'_> {
    if result.states.is_empty() {
        return Err("No breaker and no instance changed its state.".to_owned());
    }
    let shown = &result.states[..result.states.len().min(LANES)];
    let more = left_out(result.states.len() - shown.len(), "more lane", "more lanes");
    let caption = format!(
        "Every breaker and instance that changed its state, n = {}; {}.{more}",
        format::count(result.states.len() as u64),
        note(result)
    );
    Ok(over_time(result, caption, legend(shown), shown.iter().map(row).collect()))
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

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::fixture;

    #[test]
    fn lanes_are_capped_and_the_rest_counted() {
        let mut run = fixture::storm();
        run.states = vec![run.states[2].clone(); 55];
        let states = KIND.of_run(&run).remove(0);
        assert_eq!(states.svg.matches(">\ndb/0\n<").count(), 40);
        assert!(states.caption.contains("15 more lanes are not shown."));
    }
}
