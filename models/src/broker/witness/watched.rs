use cascadia_runtime::Time;

use crate::broker::spot::Spot;
use crate::capture::Mark;
use crate::ids::PlaceId;

/// So much is noted of it.
const MOST: usize = 40;

/// A message of which it is noted what happens where.
pub(super) struct Watched {
    spot: Spot,
    marks: Vec<Mark>,
}

impl Watched {
    pub(super) const fn new(spot: Spot) -> Self {
        Self { spot, marks: Vec::new() }
    }

    /// Something happens to a message, perhaps to this one.
    pub(super) fn happens(&mut self, spot: Spot, place: PlaceId, at: Time, what: &'static str) {
        if spot == self.spot && self.marks.len() < MOST {
            self.marks.push(Mark { at, place, what });
        }
    }

    pub(super) fn marks(&self) -> Vec<Mark> {
        self.marks.clone()
    }
}
