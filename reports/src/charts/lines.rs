use super::canvas::{Canvas, Point};
use super::frame::Space;
use crate::palette::Color;
use crate::windows::Windows;

/// With more windows than this lines are thin.
const CROWDED: usize = 150;

/// Draws a line through the middles of windows; windows without a value are gaps.
pub(super) fn line(
    canvas: &mut Canvas<'_>,
    space: &Space,
    windows: Windows,
    values: &[Option<f64>],
    color: Color,
) {
    let width = if values.len() > CROWDED { 1.2 } else { 1.8 };
    for stretch in stretches(values) {
        let at = |&(index, value): &(usize, f64)| space.at(windows.middle(index), value);
        match corners(stretch.iter().map(at)).as_slice() {
            [alone] => canvas.dot(*alone, 1.8, color, 1.0),
            points => canvas.line(points, color, width),
        }
    }
}

/// The points of a line; one between two others of its height is left out.
fn corners(points: impl Iterator<Item = Point>) -> Vec<Point> {
    let mut corners: Vec<Point> = Vec::new();
    for point in points {
        match corners.as_mut_slice() {
            [.., before, last] if before.1 == last.1 && last.1 == point.1 => *last = point,
            _ => corners.push(point),
        }
    }
    corners
}

/// Fills from zero up to each value, a step per window; windows without a value are gaps.
pub(super) fn filled(
    canvas: &mut Canvas<'_>,
    space: &Space,
    windows: Windows,
    values: &[Option<f64>],
    color: Color,
) {
    for stretch in stretches(values) {
        let zeros: Vec<(usize, f64)> = stretch.iter().map(|&(index, _)| (index, 0.0)).collect();
        band(canvas, space, windows, &zeros, &stretch, color, 0.35);
        canvas.line(&stairs(space, windows, &stretch), color, 1.5);
    }
}

/// Fills from the least to the greatest value, a step per window; windows without one are gaps.
pub(super) fn range(
    canvas: &mut Canvas<'_>,
    space: &Space,
    windows: Windows,
    (low, high): (&[Option<f64>], &[Option<f64>]),
    color: Color,
) {
    for (low, high) in stretches(low).iter().zip(&stretches(high)) {
        band(canvas, space, windows, low, high, color, 0.25);
    }
}

/// Fills between two staircases over the same windows.
pub(super) fn band(
    canvas: &mut Canvas<'_>,
    space: &Space,
    windows: Windows,
    low: &[(usize, f64)],
    high: &[(usize, f64)],
    color: Color,
    opacity: f64,
) {
    let mut outline = stairs(space, windows, high);
    outline.extend(stairs(space, windows, low).into_iter().rev());
    canvas.area(&outline, color, opacity);
}

/// The corners of a staircase; a corner between two steps of one height is left out.
fn stairs(space: &Space, windows: Windows, values: &[(usize, f64)]) -> Vec<Point> {
    let mut corners: Vec<Point> = Vec::with_capacity(values.len() * 2);
    for &(index, value) in values {
        let from = space.at(windows.start(index) as f64, value);
        let to = space.at(windows.end(index) as f64, value);
        match corners.last_mut() {
            Some(last) if last.1 == to.1 => *last = to,
            _ => corners.extend([from, to]),
        }
    }
    corners
}

/// Runs of neighbouring windows that have a value.
fn stretches(values: &[Option<f64>]) -> Vec<Vec<(usize, f64)>> {
    let mut found: Vec<Vec<(usize, f64)>> = Vec::new();
    let mut open = false;
    for (index, value) in values.iter().enumerate() {
        let value = value.filter(|value| value.is_finite());
        match (value, found.last_mut()) {
            (Some(value), Some(stretch)) if open => stretch.push((index, value)),
            (Some(value), _) => found.push(vec![(index, value)]),
            (None, _) => {}
        }
        open = value.is_some();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{corners, stretches};

    #[test]
    fn a_level_line_has_two_ends() {
        let heights = [1.0, 1.0, 1.0, 2.0, 2.0, 1.0];
        let points = heights.into_iter().enumerate().map(|(x, y)| (x as f64, y));
        let kept = [(0.0, 1.0), (2.0, 1.0), (3.0, 2.0), (4.0, 2.0), (5.0, 1.0)];
        assert_eq!(corners(points), kept);
        assert_eq!(corners([(3.0, 1.0)].into_iter()), [(3.0, 1.0)]);
    }

    #[test]
    fn a_missing_value_is_a_gap() {
        let values = [Some(1.0), Some(2.0), None, Some(4.0), Some(f64::NAN), Some(0.0)];
        assert_eq!(stretches(&values), [vec![(0, 1.0), (1, 2.0)], vec![(3, 4.0)], vec![(5, 0.0)]]);
        assert!(stretches(&[None]).is_empty());
    }
}
