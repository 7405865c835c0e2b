use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::Time;

use super::deadlines::Deadlines;
use super::keys::Keys;
use super::settings::ReaderSettings;
use super::window::{Slot, State, Window};
use crate::messaging::ids::{Group, Offset};
use crate::messaging::partition::base::Base;
use crate::messaging::partition::effect::{Burial, ConsumerId, Deceased, Effect, ReaderId};
use crate::messaging::partition::entry::{Change, Tried};
use crate::messaging::sharing::KeyOrder;

/// What one group does in a partition.
#[derive(Debug)]
pub(in crate::messaging::partition) struct Reader {
    pub(super) id: ReaderId,
    pub(super) group: Group,
    /// None after a restart, until somebody of the group is there again.
    pub(super) settings: Option<ReaderSettings>,
    pub(super) window: Window,
    /// What was seen and is to be delivered (again).
    pub(super) ready: BTreeSet<u64>,
    pub(super) resting: BTreeSet<(Time, u64)>,
    pub(super) deadlines: Deadlines,
    pub(super) keys: Keys,
    pub(super) in_flight: usize,
    /// With why.
    pub(super) doomed: BTreeMap<u64, Arc<str>>,
    /// Entries of it that are still needed.
    pub(super) entries: Vec<u64>,
}

impl Reader {
    pub(in crate::messaging::partition) fn new(id: ReaderId, group: Group, floor: u64) -> Self {
        Self {
            id,
            group,
            settings: None,
            window: Window::new(floor),
            ready: BTreeSet::new(),
            resting: BTreeSet::new(),
            deadlines: Deadlines::default(),
            keys: Keys::default(),
            in_flight: 0,
            doomed: BTreeMap::new(),
            entries: Vec::new(),
        }
    }

    pub(in crate::messaging::partition) fn group(&self) -> &Group {
        &self.group
    }

    pub(in crate::messaging::partition) fn floor(&self) -> u64 {
        self.window.floor()
    }

    pub(in crate::messaging::partition) fn in_flight(&self) -> usize {
        self.in_flight
    }

    /// The first offset that it has not seen.
    pub(in crate::messaging::partition) fn frontier(&self) -> u64 {
        self.window.frontier()
    }

    /// Messages of its window that it is not done with.
    pub(in crate::messaging::partition) fn unsettled(&self) -> u64 {
        self.window.left()
    }

    /// What is written of it.
    pub(in crate::messaging::partition) fn entries(&self) -> impl Iterator<Item = u64> {
        self.entries.iter().copied()
    }

    /// Delivers as somebody of the group wants it from now on.
    pub(in crate::messaging::partition) fn configure(
        &mut self,
        settings: ReaderSettings,
        base: &mut Base,
    ) {
        let is_new = self.settings.is_none();
        let has_order = settings.key_order == KeyOrder::Parked;
        self.settings = Some(settings);
        if is_new {
            let doomed: Vec<_> = self.doomed.keys().copied().collect();
            doomed.into_iter().for_each(|offset| self.bury(offset, base));
        }
        if is_new && has_order {
            self.line_up(base);
        }
    }

    /// What was seen in an earlier life goes before what comes.
    fn line_up(&mut self, base: &Base) {
        for offset in self.window.floor()..self.window.frontier() {
            let is_left = self.window.get(offset).is_some_and(|slot| slot.state != State::Done);
            let message = base.log.get(offset).and_then(|record| record.message.as_ref());
            let key = message.and_then(|message| message.key.as_ref()).filter(|_| is_left);
            if key.is_some_and(|key| !self.keys.join(key, offset)) {
                self.park(offset);
            }
        }
    }

    /// A message waits until the one of the same key before it is done.
    pub(super) fn park(&mut self, offset: u64) {
        if let Some(slot) = self.window.get_mut(offset)
            && matches!(slot.state, State::Ready | State::Resting)
        {
            self.ready.remove(&offset);
            self.resting.remove(&(slot.deadline, offset));
            slot.state = State::Parked;
        }
    }

    /// A delivery is over: to whom that was is told.
    pub(super) fn free(&mut self, offset: u64, consumer: ConsumerId, base: &mut Base) {
        self.in_flight -= 1;
        base.journal.say(Effect::Freed(self.id, consumer, Offset(offset)));
    }

    /// Takes a message out of wherever it is.
    pub(super) fn take(&mut self, offset: u64, base: &mut Base) {
        let Some(slot) = self.window.get(offset).copied() else { return };
        match slot.state {
            State::Ready => drop(self.ready.remove(&offset)),
            State::Resting => drop(self.resting.remove(&(slot.deadline, offset))),
            State::InFlight | State::Held => self.free(offset, slot.consumer, base),
            State::Parked | State::Doomed | State::Done => {}
        }
        if let Some(slot) = self.window.get_mut(offset).filter(|slot| slot.state != State::Done) {
            slot.state = State::Parked;
        }
    }

    /// The group is done with a message. Whoever calls writes that down.
    pub(super) fn finish(&mut self, offset: u64, base: &mut Base) {
        self.take(offset, base);
        self.doomed.remove(&offset);
        if let Some(next) = self.keys.leave(offset) {
            self.make_ready(next);
        }
        self.window.finish(offset);
        if base.empties {
            base.log.empty(offset);
        }
    }

    pub(super) fn make_ready(&mut self, offset: u64) {
        if let Some(slot) = self.window.get_mut(offset) {
            slot.state = State::Ready;
            self.ready.insert(offset);
        }
    }

    /// A delivery has failed: the message comes again, after a pause or at once, or is dead.
    pub(super) fn fail(&mut self, offset: u64, pause: Duration, base: &mut Base) {
        self.take(offset, base);
        let most = self.settings.as_ref().and_then(|settings| settings.attempts);
        let Some(slot) = self.window.get_mut(offset) else { return };
        let attempts = slot.attempts;
        if most.is_some_and(|most| attempts >= most) {
            return self.doom(offset, "attempts".into(), base);
        }
        if pause.is_zero() {
            self.make_ready(offset);
        } else {
            (slot.state, slot.deadline) = (State::Resting, base.now.time + pause);
            self.resting.insert((base.now.time + pause, offset));
        }
        let tried = Tried { offset: Offset(offset), attempts, until: base.now.wall + pause };
        self.write(Change::Tried(self.group.clone(), tried), base);
    }

    /// The rest that the settings give a message that has failed.
    pub(super) fn backoff(&self, offset: u64) -> Duration {
        let attempts = self.window.get(offset).map_or(0, |slot| slot.attempts);
        self.settings.as_ref().map_or(Duration::ZERO, |settings| settings.backoff.after(attempts))
    }

    /// Gives a message up.
    pub(super) fn doom(&mut self, offset: u64, why: Arc<str>, base: &mut Base) {
        self.take(offset, base);
        base.counts.dead += 1;
        let has_grave =
            self.settings.as_ref().is_none_or(|settings| settings.dead_letter.is_some());
        if !has_grave {
            base.counts.dropped += 1;
            self.write(Change::Done(self.group.clone(), vec![Offset(offset)]), base);
            return self.finish(offset, base);
        }
        if let Some(slot) = self.window.get_mut(offset) {
            slot.state = State::Doomed;
        }
        let change = Change::Doomed(self.group.clone(), Offset(offset), Arc::clone(&why));
        self.write(change, base);
        self.doomed.insert(offset, why);
        self.bury(offset, base);
    }

    fn bury(&mut self, offset: u64, base: &mut Base) {
        let Some(settings) = &self.settings else { return };
        let message = base.log.get(offset).and_then(|record| record.message.as_ref());
        let (Some(to), Some(message)) = (&settings.dead_letter, message) else {
            return self.on_buried(offset, base);
        };
        let attempts = self.window.get(offset).map_or(0, |slot| slot.attempts);
        let why = self.doomed.get(&offset).map_or("", |why| why);
        let letter = base.letter(message, Some(offset), Some((&self.group, attempts)), why);
        let of = Deceased::Delivered(self.id, Offset(offset));
        base.journal.say(Effect::Bury(Burial { of, to: to.clone(), letter }));
    }

    /// A message is in the dead letters for good, or can never be.
    pub(in crate::messaging::partition) fn on_buried(&mut self, offset: u64, base: &mut Base) {
        if self.doomed.contains_key(&offset) {
            self.write(Change::Done(self.group.clone(), vec![Offset(offset)]), base);
            self.finish(offset, base);
            self.tidy(base);
        }
    }

    pub(super) fn write(&mut self, change: Change, base: &mut Base) {
        self.entries.push(base.journal.write(change));
    }

    /// Whether a slot is that of a delivery.
    pub(super) fn has(&self, offset: u64, token: u64) -> bool {
        let is_it = |slot: &Slot| slot.state == State::InFlight && slot.token == token;
        self.window.get(offset).is_some_and(is_it)
    }
}
