use std::collections::BTreeMap;
use std::time::Duration;

use crate::messaging::group::{GroupConfig, GroupCore, GroupEvent, Who};
use crate::messaging::ids::{Generation, MemberId};
use crate::messaging::partition::Now;
use crate::messaging::sharing::Assignor;

/// A group whose members have partitions.
#[derive(Debug)]
pub(super) struct Grouped {
    pub(super) core: GroupCore,
    /// The feeds of its members.
    pub(super) feeds: BTreeMap<MemberId, u64>,
}

impl Grouped {
    pub(super) fn new(assignor: Assignor, wait: Duration, first: Generation) -> Self {
        // Members are in this process: they come one after another, and none is lost on its way.
        let initial_delay = Duration::ZERO;
        let (session_timeout, rebalance_timeout) = (wait, wait);
        let config = GroupConfig { session_timeout, rebalance_timeout, initial_delay, assignor };
        Self { core: GroupCore::new(config, first), feeds: BTreeMap::new() }
    }

    /// What it says next, and the feed that it says it to, if that is there.
    pub(super) fn poll(&mut self) -> Option<(GroupEvent, Option<u64>)> {
        let event = self.core.poll_event()?;
        let (GroupEvent::Rejoin { member, .. }
        | GroupEvent::Assigned { member, .. }
        | GroupEvent::Removed { member, .. }) = &event;
        let feed = self.feeds.get(member).copied();
        Some((event, feed))
    }

    pub(super) fn beat(&mut self, now: Now, who: &Who) {
        // Whoever is none any more has been told so.
        let _ = self.core.heartbeat(now.time, who, self.core.generation());
    }
}
