use std::cell::RefCell;
use std::collections::BTreeMap;

use cascadia_runtime::{Time, Wall};

use super::NodeId;

/// The beginning of 2000, when every run begins.
const BEGIN: Wall = Wall::from_nanos(946_684_800_000_000_000);

/// What the wall clocks of nodes show: the truth, but for those that are off.
#[derive(Default)]
pub(crate) struct Walls(RefCell<BTreeMap<NodeId, Off>>);

/// How far off a clock is.
struct Off {
    since: Time,
    /// Nanoseconds ahead then.
    ahead: i64,
    /// Nanoseconds that it gains in a second.
    gains: i64,
}

impl Off {
    fn by(&self, now: Time) -> i128 {
        let passed = now.since(self.since).as_nanos().cast_signed();
        i128::from(self.ahead) + passed * i128::from(self.gains) / 1_000_000_000
    }
}

impl Walls {
    /// A simulation begins: all clocks are right.
    pub(crate) fn begin(&self) {
        self.0.borrow_mut().clear();
    }

    pub(crate) fn show(&self, node: NodeId, now: Time) -> Wall {
        let off = self.0.borrow().get(&node).map_or(0, |off| off.by(now));
        let shown = i128::from(BEGIN.as_nanos()) + i128::from(now.as_nanos()) + off;
        Wall::from_nanos(shown.clamp(0, u64::MAX.into()) as u64)
    }

    pub(crate) fn set(&self, node: NodeId, now: Time, ahead: i64, gains: i64) {
        self.0.borrow_mut().insert(node, Off { since: now, ahead, gains });
    }
}
