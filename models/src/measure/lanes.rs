use std::collections::BTreeMap;
use std::ops::Bound;

use cascadia_runtime::Time;

/// Most changes that are kept for one lane.
const MOST_CHANGES: usize = 2_000;

/// The states of a breaker or an instance over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// The state at the beginning.
    pub initial: &'static str,
    /// Every change, in order.
    pub changes: Vec<LaneChange>,
    /// Changes that were too many to be kept.
    pub dropped: u64,
}

impl Lane {
    /// The last state that is kept.
    fn state(&self) -> &'static str {
        self.changes.last().map_or(self.initial, |change| change.state)
    }

    fn change(&mut self, at: Time, state: &'static str) {
        if self.changes.len() < MOST_CHANGES {
            self.changes.push(LaneChange { at, state });
        } else {
            self.dropped += 1;
        }
    }
}

/// A change of state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LaneChange {
    /// When.
    pub at: Time,
    /// The state from then on.
    pub state: &'static str,
}

/// The lanes of a run, by name; whoever never changed has none.
#[derive(Default)]
pub(crate) struct Lanes(BTreeMap<String, Lane>);

impl Lanes {
    pub(crate) fn change(&mut self, name: &str, from: &'static str, at: Time, to: &'static str) {
        if !self.0.contains_key(name) {
            let lane = Lane { initial: from, changes: Vec::new(), dropped: 0 };
            self.0.insert(name.to_owned(), lane);
        }
        let lane = self.0.get_mut(name).expect("the lane exists");
        lane.change(at, to);
    }

    /// Whom the lane `name` and those of its endpoints belong to begins another life, and with it
    /// they begin as they began.
    pub(crate) fn begin_anew(&mut self, name: &str, at: Time) {
        let alike = self.0.range_mut::<str, _>((Bound::Included(name), Bound::Unbounded));
        let alike = alike.map_while(|(lane, state)| Some((lane.strip_prefix(name)?, state)));
        for (_, lane) in alike.filter(|(rest, _)| rest.is_empty() || rest.starts_with('/')) {
            if lane.state() != lane.initial {
                lane.change(at, lane.initial);
            }
        }
    }

    pub(crate) fn take(&mut self) -> BTreeMap<String, Lane> {
        std::mem::take(&mut self.0)
    }
}
