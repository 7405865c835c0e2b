//! Partitions of which a place follows another.

use super::life::Alive;
use crate::broker::kept::Kept;
use crate::broker::peer_word::PeerWord;
use crate::broker::replica::{Fetch, Fetched, Following, Found, Part, Replica};
use crate::broker::words::Word;

impl Alive {
    /// Somebody else leads a partition.
    pub(super) fn follow(&mut self, at: usize, (leader, epoch): (usize, u64), kept: &mut Kept) {
        let following = self.replicas.get_mut(&at).and_then(Replica::follows);
        if following.is_some_and(|following| following.epoch == epoch) {
            return;
        }
        self.rest(at);
        if let Some(replica) = self.replicas.get_mut(&at) {
            replica.part = Part::Follows(Following::new(leader, epoch));
        }
        self.fetch(at, kept);
    }

    /// Asks who leads for what there is, once its disk has what it has.
    pub(super) fn fetch(&mut self, at: usize, kept: &Kept) {
        let (now, life) = (self.life.now(), self.life.incarnation());
        let end = kept.end(at);
        if kept.written(at, self.written) < end {
            return;
        }
        let Some(replica) = self.replicas.get_mut(&at) else { return };
        let of = replica.of;
        let Some(following) = replica.follows() else { return };
        let Some(number) = following.ask(now) else { return };
        let (leader, epoch, from) = (following.leader, following.epoch, (self.own, life));
        let (next, last) = (end + 1, kept.epochs(at).last());
        let fetch = Fetch { of, epoch, from, number, next, last };
        self.say(leader, Word::Peer(PeerWord::Fetch(fetch)));
    }

    /// Who leads has answered.
    pub(super) fn on_fetched(&mut self, fetched: Fetched, kept: &mut Kept) {
        let Fetched { of, epoch, number, found } = fetched;
        let Some(at) = self.found.get(of) else { return };
        let Some(replica) = self.replicas.get_mut(&at) else { return };
        if !replica.follows().is_some_and(|following| following.on_answer(epoch, number)) {
            return;
        }
        match found {
            Found::Parted { epoch, end } => {
                let (_, own) = kept.epochs(at).until(epoch, kept.end(at));
                kept.cut(at, own.min(end));
                self.fetch(at, kept);
            }
            Found::Entries { entries, epochs, watermark, forgotten } => {
                kept.put_copies(at, entries, epochs);
                kept.forget(at, forgotten);
                replica.watermark = watermark;
                self.is_dirty = true;
            }
        }
    }
}
