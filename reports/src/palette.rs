//! One palette for everything, safe for colour-blind readers (Okabe and Ito, 2008).
//!
//! Each outcome has one colour in every chart and table, and that colour means nothing else. A
//! colour has a light and a dark form; charts are drawn in the light one, which serves as a name
//! by which a style sheet finds what to repaint in dark mode.

use std::collections::BTreeSet;

pub use crate::color::Color;
use crate::result::OutcomeKind;

/// The ground.
pub const PAPER: Color = Color::new(0xFFFFFF, 0x15191E);
/// Text and axes.
pub const INK: Color = Color::new(0x1F2429, 0xE6E8EB);
/// Secondary text.
pub const MUTED: Color = Color::new(0x5B646E, 0x9BA5B0);
/// Grid lines.
pub const GRID: Color = Color::new(0xE3E6EA, 0x2C333B);
/// Faults: lanes, hairlines and shading.
pub const FAULT: Color = Color::new(0x4A4F57, 0xB9C0C9);
/// Bounds and reference lines, which are dashed.
pub const BOUND: Color = Color::new(0x23282D, 0xE0E3E7);
/// The one series of a small multiple.
pub const SERIES: Color = Color::new(0x0072B2, 0x4FA8DE);
/// A second series in the same panel.
pub const SECOND: Color = Color::new(0x23303B, 0xD5DCE3);
/// p50, p95, p99, p99.9 and the maximum, from calm to extreme.
pub const QUANTILES: [Color; 5] = [
    Color::new(0x9AB8D8, 0x5B83B0),
    Color::new(0x6796C8, 0x739FCE),
    Color::new(0x2F6FB0, 0x92BAE4),
    Color::new(0x1B4B86, 0xB7D5F4),
    Color::new(0x0B2347, 0xE3F0FD),
];
/// A passed verdict, check or seed.
pub const PASSED: Color = Color::new(0x1A62A8, 0x6DB3F2);
/// A failed verdict, check or seed.
pub const FAILED: Color = Color::new(0xB0123B, 0xFF7E97);
/// An inconclusive verdict, check or seed.
pub const INCONCLUSIVE: Color = Color::new(0x6B6F76, 0xA4A9B1);

const CALM: Color = Color::new(0xCBD6E1, 0x37434F);
const OPEN: Color = Color::new(0x0071B3, 0x50A9DF);
const HALF_OPEN: Color = Color::new(0xF0E442, 0xE3D740);
const DOWN: Color = Color::new(0x1E2328, 0xE7E9EC);
const OTHER_STATE: Color = Color::new(0x7D8790, 0x87919A);

/// Kinds that have no colour of their own, in the order in which they are listed; after Tol, whose
/// palette is as safe.
const KINDS: [Color; 6] = [
    Color::new(0x332288, 0x8F84DC),
    Color::new(0x44AA99, 0x5BC4B2),
    Color::new(0xDDCC77, 0xD9C97A),
    Color::new(0xCC6677, 0xDB8390),
    Color::new(0x117733, 0x3FA563),
    Color::new(0xAA4499, 0xC56BB6),
];

/// The colour of the kind number `index`; the first six differ.
pub const fn kind(index: usize) -> Color {
    KINDS[index % KINDS.len()]
}

/// The colour of a state of a breaker or an instance.
pub fn state(name: &str) -> Color {
    match name {
        "closed" | "up" | "in_use" => CALM,
        "open" | "ejected" => OPEN,
        "half_open" | "draining" => HALF_OPEN,
        "down" => DOWN,
        "absent" | "left" => GRID,
        _ => OTHER_STATE,
    }
}

const FIXED: [Color; 27] = [
    PAPER,
    INK,
    MUTED,
    GRID,
    FAULT,
    BOUND,
    SERIES,
    SECOND,
    QUANTILES[0],
    QUANTILES[1],
    QUANTILES[2],
    QUANTILES[3],
    QUANTILES[4],
    PASSED,
    FAILED,
    INCONCLUSIVE,
    CALM,
    OPEN,
    HALF_OPEN,
    DOWN,
    OTHER_STATE,
    KINDS[0],
    KINDS[1],
    KINDS[2],
    KINDS[3],
    KINDS[4],
    KINDS[5],
];

/// Every colour of a chart.
fn repainted() -> impl Iterator<Item = Color> {
    FIXED.into_iter().chain(OutcomeKind::ALL.map(OutcomeKind::color))
}

/// Rules that repaint the fills and strokes in `svg` below `scope` from light to dark.
pub(crate) fn dark_rules(scope: &str, svg: &str) -> String {
    let painted = painted(svg);
    let mut rules = String::new();
    for color in repainted() {
        let (light, dark) = (color.hex(), color.dark);
        for property in ["fill", "stroke"] {
            if painted.contains(&(property, &*light)) {
                rules += &format!("{scope} [{property}=\"{light}\"]{{{property}:#{dark:06X}}}");
            }
        }
    }
    rules
}

/// The fills and strokes of a picture, found in one go through what may be long.
fn painted(svg: &str) -> BTreeSet<(&str, &str)> {
    let paint = |(at, _): (usize, &str)| {
        let property = ["fill", "stroke"].into_iter().find(|name| svg[..at].ends_with(name))?;
        Some((property, svg.get(at + 2..at + 9)?))
    };
    svg.match_indices("=\"#").filter_map(paint).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_light_form_names_one_colour() {
        let names: BTreeSet<u32> = repainted().map(|color| color.light).collect();
        assert_eq!(names.len(), repainted().count());
    }

    #[test]
    fn outcome_colours_mean_nothing_else() {
        let outcomes = OutcomeKind::ALL.map(|kind| kind.color().light);
        let states =
            ["closed", "open", "half_open", "up", "down", "?"].map(|name| state(name).light);
        let others = [SERIES, SECOND, FAULT, BOUND, PASSED, FAILED, INCONCLUSIVE];
        let others = others.into_iter().chain(QUANTILES).chain(KINDS);
        for used in states.into_iter().chain(others.map(|color| color.light)) {
            assert!(!outcomes.contains(&used), "{used:06X} is an outcome");
        }
    }
}
