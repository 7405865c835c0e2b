use std::collections::{BTreeMap, BTreeSet};

/// The height of a moment.
const ROW: f64 = 14.0;

/// A gap between moments that is longer than this is told, in nanoseconds.
const GAP: u64 = 50_000_000;

/// How much room that takes.
const TOLD: f64 = 18.0;

/// Where moments are from top to bottom: each at which something happens below the one before, however short
/// or long the time between them was. Messages cross in microseconds and are missed for seconds; at scale, one of
/// both would not be seen.
pub(super) struct Rows {
    places: BTreeMap<u64, f64>,
    /// Gaps: where they are told, and how long they are.
    pub(super) gaps: Vec<(f64, u64)>,
    pub(super) bottom: f64,
}

impl Rows {
    pub(super) fn new(moments: &BTreeSet<u64>, top: f64) -> Self {
        let (mut places, mut gaps, mut y) = (BTreeMap::new(), Vec::new(), top);
        let mut before = None;
        for &moment in moments {
            if let Some(gap) = before.map(|before| moment - before).filter(|gap| *gap >= GAP) {
                gaps.push((y + 2.0, gap));
                y += TOLD;
            }
            places.insert(moment, y);
            y += ROW;
            before = Some(moment);
        }
        Self { places, gaps, bottom: y + ROW }
    }

    /// Where a moment is at which something happens.
    pub(super) fn y(&self, moment: u64) -> f64 {
        self.places.get(&moment).copied().unwrap_or(self.bottom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_is_lower_and_long_gaps_are_told() {
        let moments = [5, 6, 9, 9 + GAP].into();
        let rows = Rows::new(&moments, 100.0);
        let places: Vec<f64> = moments.iter().map(|moment| rows.y(*moment)).collect();
        assert_eq!(places, [100.0, 114.0, 128.0, 160.0]);
        assert_eq!(rows.gaps, [(144.0, GAP)]);
        assert!(rows.bottom > 160.0);
    }
}
