use std::collections::VecDeque;

use cascadia_runtime::Time;

/// When deliveries are over, for all of a group: they all take the same time, so they end in the order in which they
/// began, and one timer is enough.
///
/// A delivery that is settled stays in line until it is passed, or until most of the line is settled.
#[derive(Debug, Default)]
pub(super) struct Deadlines(VecDeque<Deadline>);

/// When somebody is to look after a delivery.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline {
    pub(super) at: Time,
    pub(super) offset: u64,
    pub(super) token: u64,
}

/// Settled deliveries that are worth no tidying up.
const SLACK: usize = 64;

impl Deadlines {
    pub(super) fn add(&mut self, deadline: Deadline) {
        match self.0.back().is_some_and(|last| last.at > deadline.at) {
            // The wait was changed, or somebody asked for more time.
            true => {
                let place = self.0.partition_point(|other| other.at <= deadline.at);
                self.0.insert(place, deadline);
            }
            false => self.0.push_back(deadline),
        }
    }

    /// Drops what is settled where that is most of the line.
    pub(super) fn tidy(&mut self, in_flight: usize, is_live: impl Fn(&Deadline) -> bool) {
        while self.0.front().is_some_and(|first| !is_live(first)) {
            self.0.pop_front();
        }
        if self.0.len() > 2 * in_flight + SLACK {
            self.0.retain(is_live);
        }
    }

    pub(super) fn next(&self) -> Option<Time> {
        self.0.front().map(|first| first.at)
    }

    pub(super) fn pop(&mut self, now: Time) -> Option<Deadline> {
        let is_due = self.0.front().is_some_and(|first| first.at <= now);
        if is_due { self.0.pop_front() } else { None }
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Neither a timer for each message, nor a line that grows with what is settled, whatever is settled last.
    #[test]
    fn settled_deliveries_leave_no_deadlines() {
        let (mut line, mut live) = (Deadlines::default(), BTreeSet::new());
        for token in 0..10_000 {
            live.insert(token);
            let at = Time::from_nanos(token);
            line.add(Deadline { at, offset: token, token });
            // The first one is never settled.
            live.retain(|other| *other == 0 || *other + 10 > token);
            line.tidy(live.len(), |deadline| live.contains(&deadline.token));
            assert!(line.0.len() <= 2 * live.len() + SLACK);
        }
        assert_eq!(line.next(), Some(Time::ZERO));
    }
}
