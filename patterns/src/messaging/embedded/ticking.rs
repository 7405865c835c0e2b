use super::state::State;
use crate::messaging::partition::Now;

impl State {
    /// Does what is due.
    pub(super) fn on_tick(&mut self, now: Now) {
        let due = self.due.iter().take_while(|(at, _)| *at <= now.time);
        let due: Vec<_> = due.map(|(_, place)| *place).collect();
        for place in due {
            if let Some(core) = self.core(place) {
                core.on_tick(now);
            }
        }
        self.aborts.extend(self.transactions.on_tick(now.time));
        self.tick_groups(now);
        self.bury_again(now);
    }
}
