use super::state::Reader;
use super::window::State;
use crate::messaging::ids::Offset;
use crate::messaging::partition::base::Base;
use crate::messaging::partition::entry::Change;

/// What a full topic does to those who read it.
impl Reader {
    /// Whether nobody of the group has a message.
    pub(in crate::messaging::partition) fn could_drop(&self, offset: u64) -> bool {
        let state = self.window.get(offset).map(|slot| slot.state);
        !matches!(state, Some(State::InFlight | State::Held | State::Doomed))
            && (offset >= self.window.floor() && state != Some(State::Done))
    }

    /// A message is not to be delivered any more, and will soon be dropped.
    pub(in crate::messaging::partition) fn set_aside(&mut self, offset: u64, base: &mut Base) {
        self.reach(offset);
        self.take(offset, base);
        if let Some(slot) = self.window.get_mut(offset) {
            slot.state = State::Doomed;
        }
    }

    /// A message is dropped.
    pub(in crate::messaging::partition) fn drop_one(&mut self, offset: u64, base: &mut Base) {
        self.reach(offset);
        self.write(Change::Done(self.group.clone(), vec![Offset(offset)]), base);
        self.finish(offset, base);
        self.tidy(base);
    }
}
