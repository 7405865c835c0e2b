use std::sync::Arc;

use cascadia_patterns::raft::{Entry, MemberId, Payload, Raft, Ready, Role, Saved, Status};
use cascadia_runtime::Time;
use cascadia_sim_core::Local;

use super::ledger::Ledger;
use super::letter::Letter;
use super::rows::Rows;
use super::wishes::Wishes;
use crate::component::{Life, PlaceId};
use crate::ids::Instance;
use crate::journal::Journal;
use crate::measure::ServiceMeter;
use crate::store::{Command, ElectedPlan, Locks, Told};
use crate::world::{EventKind, World};

/// What is around a member, in all of its lives.
pub(super) struct Outside {
    pub(super) world: Arc<World>,
    pub(super) ledger: Arc<Ledger>,
    pub(super) meter: Arc<Local<ServiceMeter>>,
    /// Which replica it is.
    pub(super) me: Instance,
    pub(super) plan: ElectedPlan,
}

/// A member in one life, from when it has read its disk.
pub(super) struct Running {
    pub(super) life: Life,
    pub(super) raft: Raft,
    pub(super) journal: Journal,
    pub(super) wishes: Wishes,
    /// Rows that are kept from others while this leads.
    pub(super) locks: Arc<Locks>,
    /// When it will next be woken.
    pub(super) armed: Time,
    /// Where the members are.
    places: Vec<PlaceId>,
    rows: Rows,
    /// The term in which it leads, if it does.
    leads: Option<u64>,
}

impl Running {
    pub(super) fn new(outside: &Outside, life: Life, (journal, saved): (Journal, Saved)) -> Self {
        let residents = outside.world.directory.residents(outside.me.service);
        let places: Vec<_> = residents.iter().map(|resident| resident.place.id()).collect();
        let members: Vec<_> = (0..places.len() as u64).map(MemberId).collect();
        let me = MemberId(outside.me.replica.into());
        let (config, stream) = (outside.plan.raft, life.stream("elections"));
        let raft = Raft::new(config, me, &members, saved, stream, life.now());
        Self {
            life,
            raft,
            journal,
            wishes: Wishes::default(),
            locks: Arc::default(),
            armed: Time::MAX,
            places,
            rows: Rows::default(),
            leads: None,
        }
    }

    /// Does all that is to be done after an event. Whether somebody has to begin to write.
    pub(super) fn settle(&mut self, outside: &Outside) -> bool {
        let ready = self.raft.ready();
        #[cfg(test)]
        let ready = super::tests::plant(self, ready);
        let Ready { persist, messages, committed, reads, lost_reads, status } = ready;
        for envelope in messages {
            let letter = Letter { from: self.raft.id(), message: envelope.message };
            self.life.send(self.places[envelope.to.0 as usize], letter);
        }
        if let Some(status) = status {
            self.stand(status, outside);
        }
        committed.iter().for_each(|entry| self.apply(entry, outside));
        for number in reads {
            if let Some((row, who)) = self.wishes.end_read(number) {
                // Whoever asked may have gone.
                let _ = who.send(self.rows.version(row));
            }
        }
        lost_reads.iter().for_each(|number| drop(self.wishes.end_read(*number)));
        persist.is_some_and(|persist| self.journal.push(persist))
    }

    fn apply(&mut self, entry: &Entry, outside: &Outside) {
        outside.ledger.apply(entry);
        let who = self.wishes.written(entry.index, entry.term);
        let Payload::Command(bytes) = &entry.payload else { return };
        let command = Command::decode(bytes);
        let applied = self.rows.apply(entry.index, &command);
        if let Some((deed, origin)) = outside.ledger.perform(command.number) {
            outside.world.done(&deed, origin);
        }
        if let Some(who) = who {
            outside.ledger.acknowledge(entry, self.raft.status().term);
            let _ = who.send(applied);
        }
    }

    /// It is something else than before. What a leader that is none any more was asked for has a fate
    /// that it does not know.
    fn stand(&mut self, Status { term, role, .. }: Status, outside: &Outside) {
        let leads = (role == Role::Leader).then_some(term);
        if leads == self.leads {
            return;
        }
        self.wishes.lose_writes();
        self.leads = leads;
        if leads.is_some() {
            let Outside { world, ledger, meter, me, .. } = outside;
            world.emit(self.life.place().id().0, EventKind::Leader, me.replica.into());
            meter.borrow_mut().told(Told::Elected);
            if ledger.elect(&self.raft) {
                world.directory.lead(*me);
            }
        }
    }
}
