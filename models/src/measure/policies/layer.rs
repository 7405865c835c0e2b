use cascadia_patterns::observe::Level;

use super::events::{Happened, HappenedOften, WindowedCount};
use super::levels::{LevelMeasured, Track};
use crate::measure::LayerCounters;
use crate::plan::LayerId;

/// What a layer did, all its instances together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LayerMeasured {
    /// What happened at least once, in order.
    pub happened: Vec<HappenedOften>,
    /// The levels that it told, in order.
    pub levels: Vec<LevelMeasured>,
}

/// Measures one layer. It tells few kinds of things, so they are found by looking at each.
#[derive(Debug)]
pub(super) struct LayerMeter {
    pub(super) id: LayerId,
    instances: u32,
    tallies: Vec<WindowedCount>,
    tracks: Vec<Track>,
}

impl LayerMeter {
    pub(super) fn new(id: LayerId) -> Self {
        Self { id, instances: 0, tallies: Vec::new(), tracks: Vec::new() }
    }

    pub(super) fn new_instance(&mut self) -> u32 {
        self.instances += 1;
        self.instances - 1
    }

    /// An instance begins anew, with no level known.
    pub(super) fn restart(&mut self, window: Option<u32>, instance: u32) {
        self.tracks.iter_mut().for_each(|track| track.forget(window, instance));
    }

    pub(super) fn count(&mut self, window: Option<u32>, what: Happened) {
        let at = self.tallies.iter().position(|tally| tally.what == what);
        let at = at.unwrap_or_else(|| {
            self.tallies.push(WindowedCount::new(what));
            self.tallies.len() - 1
        });
        self.tallies[at].count(window);
    }

    pub(super) fn level(&mut self, window: Option<u32>, instance: u32, level: Level, value: f64) {
        let at = self.tracks.iter().position(|track| track.level == level);
        let at = at.unwrap_or_else(|| {
            self.tracks.push(Track::new(level));
            self.tracks.len() - 1
        });
        self.tracks[at].set(window, instance, value);
    }

    /// Adds what happened since the beginning.
    pub(super) fn add_to(&self, counters: &mut LayerCounters) {
        self.tallies.iter().for_each(|tally| counters.add(tally.what, tally.ever));
    }

    /// What happened in the first `windows` windows.
    pub(super) fn measured(&self, windows: usize) -> LayerMeasured {
        let measured = self.tallies.iter().map(|tally| tally.measured(windows));
        let mut happened: Vec<_> = measured.filter(|often| often.total > 0).collect();
        happened.sort_by_key(|often| often.what);
        let mut levels: Vec<_> = self.tracks.iter().map(|track| track.measured(windows)).collect();
        levels.sort_by_key(|level| level.level);
        LayerMeasured { happened, levels }
    }
}
