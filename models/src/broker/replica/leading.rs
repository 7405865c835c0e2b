use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use cascadia_runtime::Time;

use super::peer::Peer;
use super::words::Fetch;
use crate::broker::controller::Partition;

/// A partition, as who leads it in an epoch knows it.
pub(in crate::broker) struct Leading {
    pub(in crate::broker) epoch: u64,
    own: usize,
    /// How many must be in sync.
    least: usize,
    /// The end of the log when the epoch began.
    began: u64,
    end: u64,
    /// Up to here its own disk has it.
    written: u64,
    watermark: u64,
    /// Who is in sync, which version of that it is, and who may be as soon as it is known.
    pub(in crate::broker) version: u64,
    in_sync: BTreeSet<usize>,
    maximal: BTreeSet<usize>,
    peers: BTreeMap<usize, Peer>,
    /// Entries that are needed no more when an entry is behind the watermark.
    forgotten: VecDeque<(u64, u64)>,
}

impl Leading {
    /// It begins to lead, with a log of which it knows the watermark.
    pub(in crate::broker) fn new(
        (own, least): (usize, usize),
        partition: &Partition,
        (end, written, watermark): (u64, u64, u64),
        now: Time,
    ) -> Self {
        let Partition { replicas, epoch, in_sync, version, .. } = partition;
        let others = replicas.iter().copied().filter(|place| *place != own);
        Self {
            epoch: *epoch,
            own,
            least,
            began: end,
            end,
            written,
            watermark,
            version: *version,
            in_sync: in_sync.clone(),
            maximal: in_sync.clone(),
            peers: others.map(|place| (place, Peer::new(now, end))).collect(),
            forgotten: VecDeque::new(),
        }
    }

    pub(in crate::broker) const fn watermark(&self) -> u64 {
        self.watermark
    }

    /// Whether some replica is not in sync.
    pub(in crate::broker) fn is_short(&self) -> bool {
        self.in_sync.len() <= self.peers.len()
    }

    /// Whether as many are in sync as must be.
    pub(in crate::broker) fn has_enough(&self) -> bool {
        self.in_sync.len() >= self.least
    }

    /// It is decided who is in sync.
    pub(in crate::broker) fn on_in_sync(&mut self, version: u64, in_sync: &BTreeSet<usize>) {
        self.version = version;
        self.in_sync.clone_from(in_sync);
        self.maximal.clone_from(in_sync);
        self.advance();
    }

    /// Entries were added, and others are needed no more.
    pub(in crate::broker) fn on_put(&mut self, end: u64, forgotten: &mut Vec<u64>) {
        self.end = end;
        // The last entry stays, so that followers have one to come to.
        let others = forgotten.drain(..).filter(|index| *index != end);
        self.forgotten.extend(others.map(|index| (end, index)));
    }

    pub(in crate::broker) fn on_written(&mut self, written: u64) {
        self.written = written;
        self.advance();
    }

    /// A follower asks, whose log is the same as far as it goes.
    pub(in crate::broker) fn on_fetch(&mut self, now: Time, fetch: &Fetch) {
        let end = self.end;
        let peer = self.peers.get_mut(&fetch.from.0);
        if peer.is_some_and(|peer| peer.on_fetch(now, fetch, end)) {
            self.advance();
        }
    }

    /// What all have that may be in sync is behind the watermark.
    fn advance(&mut self) {
        if !self.has_enough() {
            return;
        }
        let has = |place: &usize| match *place == self.own {
            true => self.written,
            false => self.peers.get(place).map_or(0, |peer| peer.matched),
        };
        let all = self.maximal.iter().map(has).min().unwrap_or(0);
        self.watermark = self.watermark.max(all);
    }

    /// Those who are to be told something now, with their questions and where they go on.
    pub(in crate::broker) fn waiting(&mut self) -> Vec<(usize, u64, u64)> {
        let end = self.end;
        let waits = |(place, peer): (&usize, &mut Peer)| {
            let is_due = peer.waits && peer.matched < end;
            peer.waits &= !is_due;
            is_due.then(|| (*place, peer.number(), peer.matched + 1))
        };
        self.peers.iter_mut().filter_map(waits).collect()
    }

    /// A follower is sent the entries up to this. What it may forget when it has them.
    pub(in crate::broker) fn on_sent(&mut self, place: usize, end: u64) -> Vec<u64> {
        self.peers.get_mut(&place).map(|peer| peer.on_sent(end)).unwrap_or_default()
    }

    /// What is needed no more by now.
    pub(in crate::broker) fn forget(&mut self) -> Vec<u64> {
        let due = self.forgotten.partition_point(|(needs, _)| *needs <= self.watermark);
        let due: Vec<_> = self.forgotten.drain(..due).collect();
        for peer in self.peers.values_mut() {
            due.iter().for_each(|forgotten| peer.add_forgotten(*forgotten));
        }
        due.into_iter().map(|(_, index)| index).collect()
    }

    /// Who should be in sync, each with the life in which it was heard of, if that is to be decided anew.
    pub(in crate::broker) fn wants(
        &mut self,
        now: Time,
        lag: Duration,
    ) -> Option<Vec<(usize, u64)>> {
        let (began, watermark, in_sync) = (self.began, self.watermark, &self.in_sync);
        let keeps_up = |(place, peer): &(&usize, &Peer)| match in_sync.contains(place) {
            true => !peer.is_behind(now, lag),
            false => peer.matched >= watermark && peer.matched >= began && peer.number() > 0,
        };
        let others = self.peers.iter().filter(keeps_up).map(|(place, peer)| (*place, peer.life()));
        let wanted: Vec<_> = others.chain([(self.own, 0)]).collect();
        let places: BTreeSet<usize> = wanted.iter().map(|(place, _)| *place).collect();
        if places == self.in_sync && self.maximal == self.in_sync {
            return None;
        }
        self.maximal.extend(&places);
        Some(wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAG: Duration = Duration::from_secs(30);

    fn at(seconds: u64) -> Time {
        Time::ZERO + Duration::from_secs(seconds)
    }

    fn leading(least: usize) -> Leading {
        let partition = Partition {
            replicas: vec![0, 1, 2],
            leader: Some(0),
            epoch: 3,
            in_sync: [0, 1, 2].into(),
            version: 1,
        };
        Leading::new((0, least), &partition, (10, 10, 4), at(0))
    }

    fn fetch(from: usize, number: u64, next: u64) -> Fetch {
        Fetch { of: (0, 0), epoch: 3, from: (from, 0), number, next, last: 2 }
    }

    #[test]
    fn what_all_in_sync_have_on_disk_is_behind_the_watermark() {
        let mut leading = leading(2);
        assert_eq!(leading.watermark(), 4);
        leading.on_fetch(at(1), &fetch(1, 1, 11));
        assert_eq!(leading.watermark(), 4, "the other has not been heard of");
        leading.on_fetch(at(1), &fetch(2, 1, 8));
        assert_eq!(leading.watermark(), 7);
        leading.on_put(12, &mut vec![3, 12]);
        leading.on_fetch(at(2), &fetch(1, 2, 13));
        leading.on_fetch(at(2), &fetch(2, 2, 13));
        assert_eq!((leading.watermark(), leading.forget()), (10, vec![]));
        leading.on_fetch(at(2), &fetch(2, 1, 8));
        leading.on_written(12);
        assert_eq!((leading.watermark(), leading.forget()), (12, vec![3]));
    }

    #[test]
    fn who_is_behind_is_put_out_and_taken_back_when_it_has_caught_up() {
        let mut leading = leading(2);
        leading.on_fetch(at(29), &fetch(1, 1, 11));
        assert_eq!(leading.wants(at(30), LAG), None);
        let wanted = leading.wants(at(31), LAG).unwrap();
        assert_eq!(wanted, [(1, 0), (0, 0)]);
        assert_eq!(leading.watermark(), 4, "who is to be put out counts until it is");
        leading.on_in_sync(2, &[0, 1].into());
        assert_eq!(leading.watermark(), 10);
        leading.on_fetch(at(32), &fetch(2, 1, 8));
        assert_eq!(leading.wants(at(32), LAG), None);
        leading.on_put(12, &mut Vec::new());
        leading.on_fetch(at(33), &fetch(2, 2, 11));
        assert!(leading.wants(at(33), LAG).is_some(), "it has all that is behind the watermark");
        leading.on_written(12);
        leading.on_fetch(at(33), &fetch(1, 2, 13));
        assert_eq!(leading.watermark(), 10, "who may be in sync counts before it is known to be");
    }

    #[test]
    fn where_too_few_are_in_sync_the_watermark_stays() {
        let mut leading = leading(2);
        leading.on_in_sync(2, &[0].into());
        assert_eq!((leading.has_enough(), leading.watermark()), (false, 4));
    }
}
