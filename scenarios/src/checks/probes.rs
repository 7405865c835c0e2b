use std::collections::BTreeMap;

use cascadia_models::plan::{Depth, Probe, Subject};
use cascadia_runtime::Time;

use super::Sample;

type Key = (Subject, u64, u64, Depth);

/// Most probes of a plan.
const MOST: usize = 20_000;

/// The probes that checks need, each once.
#[derive(Default)]
pub(super) struct Probes {
    known: BTreeMap<Key, usize>,
    pub(super) list: Vec<Probe>,
}

impl Probes {
    /// The probe of a window, or nothing if there are too many.
    pub(super) fn add(
        &mut self,
        subject: Subject,
        (from, until): (u64, u64),
        depth: Depth,
    ) -> Option<Sample> {
        let key = (subject, from, until, depth);
        let nanos = until.saturating_sub(from);
        if let Some(probe) = self.known.get(&key) {
            return Some(Sample { probe: *probe, nanos });
        }
        if self.list.len() >= MOST {
            return None;
        }
        let probe = self.list.len();
        let (from, until) = (Time::from_nanos(from), Time::from_nanos(until));
        self.list.push(Probe { subject, from, until, depth });
        self.known.insert(key, probe);
        Some(Sample { probe, nanos })
    }
}
