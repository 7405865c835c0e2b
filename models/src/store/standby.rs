use std::collections::BTreeMap;
use std::time::Duration;

use cascadia_runtime::Time;

/// The versions of the rows that a replica has.
pub(super) type Rows = BTreeMap<u64, u64>;

/// Who of a replicated store leads, and how far the others are behind.
#[derive(Debug)]
pub(super) struct Standby {
    failover: Duration,
    pub(super) leader: u32,
    /// Which time of leading it is. What was sent in an earlier one no longer comes.
    pub(super) term: u64,
    /// Since when the leader is down.
    down: Option<Time>,
    members: Vec<Follower>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Follower {
    is_up: bool,
    /// When the last that was sent to it comes: what is sent later does not come before.
    due: Time,
}

impl Standby {
    /// The first of so many leads.
    pub(super) fn new(replicas: u32, failover: Duration) -> Self {
        let members = vec![Follower::default(); replicas as usize];
        Self { failover, leader: 0, term: 0, down: None, members }
    }

    /// When something comes to a follower that is sent now and takes so long; never, if it is down.
    pub(super) fn due(&mut self, now: Time, follower: u32, lag: u64) -> Option<Time> {
        let follower = &mut self.members[follower as usize];
        follower.due = follower.due.max(now.after(lag));
        follower.is_up.then_some(follower.due)
    }

    /// Whether what was sent to a follower in a term comes there.
    pub(super) fn follows(&self, follower: u32, term: u64) -> bool {
        self.term == term && self.members[follower as usize].is_up
    }

    /// A life of a replica begins. It has what the leader has, and where it leads itself, so have all
    /// others.
    pub(super) fn boots(&mut self, replica: u32, rows: &mut [Rows]) {
        self.members[replica as usize].is_up = true;
        if replica == self.leader {
            self.down = None;
        }
        if self.members[self.leader as usize].is_up {
            self.level(rows);
        }
    }

    /// A life of a replica ends. If it led, what it has sent no longer comes, and this is when another
    /// takes over.
    pub(super) fn dies(&mut self, now: Time, replica: u32) -> Option<Time> {
        self.members[replica as usize].is_up = false;
        (replica == self.leader).then(|| {
            self.term += 1;
            self.down = Some(now);
            now + self.failover
        })
    }

    /// Whoever is up and has most leads from now on, if it is time.
    pub(super) fn take_over(&mut self, now: Time, rows: &mut [Rows]) -> Option<u32> {
        self.down.filter(|since| *since + self.failover <= now)?;
        let newest = |replica: &u32| rows[*replica as usize].values().max().copied().unwrap_or(0);
        let up = (0..rows.len() as u32).rev().filter(|at| self.members[*at as usize].is_up);
        let next = up.max_by_key(newest)?;
        self.term += 1;
        (self.leader, self.down) = (next, None);
        self.level(rows);
        Some(next)
    }

    /// Who is up has what the leader has.
    fn level(&mut self, rows: &mut [Rows]) {
        let all = rows[self.leader as usize].clone();
        for (rows, _) in rows.iter_mut().zip(&self.members).filter(|(_, member)| member.is_up) {
            rows.clone_from(&all);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;

    fn at(seconds: u64) -> Time {
        Time::from_nanos(seconds * SECOND)
    }

    fn up(replicas: u32) -> (Standby, Vec<Rows>) {
        let mut standby = Standby::new(replicas, Duration::from_secs(20));
        let mut rows = vec![Rows::new(); replicas as usize];
        (0..replicas).for_each(|replica| standby.boots(replica, &mut rows));
        (standby, rows)
    }

    #[test]
    fn who_has_most_takes_over_after_the_delay_and_the_old_one_follows() {
        let (mut standby, mut rows) = up(3);
        rows[0].insert(7, 3);
        rows[2].insert(7, 2);
        assert_eq!(standby.dies(at(10), 0), Some(at(30)));
        assert_eq!(standby.take_over(at(29), &mut rows), None);
        assert_eq!(standby.take_over(at(30), &mut rows), Some(2));
        assert_eq!(rows[1], rows[2], "who follows has what the leader has");
        standby.boots(0, &mut rows);
        assert_eq!(rows[0][&7], 2, "what nobody else had is lost");
        assert_eq!((standby.leader, standby.take_over(at(99), &mut rows)), (2, None));
    }

    #[test]
    fn a_leader_that_comes_back_in_time_leads_on_with_all_that_it_has() {
        let (mut standby, mut rows) = up(2);
        rows[0].insert(7, 3);
        standby.dies(at(10), 0);
        standby.boots(0, &mut rows);
        assert_eq!(standby.take_over(at(30), &mut rows), None);
        assert_eq!((standby.leader, rows[1][&7]), (0, 3));
    }

    #[test]
    fn where_nobody_is_up_the_next_who_is_takes_over() {
        let (mut standby, mut rows) = up(2);
        standby.dies(at(10), 1);
        standby.dies(at(11), 0);
        assert_eq!(standby.take_over(at(40), &mut rows), None);
        standby.boots(1, &mut rows);
        assert_eq!(standby.take_over(at(50), &mut rows), Some(1));
    }

    #[test]
    fn what_is_sent_later_does_not_come_before() {
        let (mut standby, _) = up(2);
        assert_eq!(standby.due(at(1), 1, 5 * SECOND), Some(at(6)));
        assert_eq!(standby.due(at(2), 1, SECOND), Some(at(6)));
        standby.dies(at(3), 1);
        assert_eq!(standby.due(at(4), 1, SECOND), None);
    }
}
