use std::collections::BTreeMap;

use cascadia_models::plan::{Depth, Probe, Subject};
use cascadia_runtime::Time;

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
    ) -> Option<usize> {
        let key = (subject, from, until, depth);
        if let Some(probe) = self.known.get(&key) {
            return Some(*probe);
        }
        if self.list.len() >= MOST {
            return None;
        }
        let probe = self.list.len();
        let (from, until) = (Time::from_nanos(from), Time::from_nanos(until));
        self.list.push(Probe { subject, from, until, depth });
        self.known.insert(key, probe);
        Some(probe)
    }
}
