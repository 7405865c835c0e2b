use super::state::State;
use crate::messaging::partition::Now;

impl State {
    /// Does what is due.
    pub(super) fn on_tick(&mut self, now: Now) {
        for place in 0..self.hosted.len() {
            let Some(hosted) = &mut self.hosted[place] else { continue };
            if hosted.core.next_deadline() <= now.time {
                hosted.core.on_tick(now);
                self.touch(place);
            }
        }
        self.aborts.extend(self.transactions.on_tick(now.time));
        self.tick_groups(now);
        self.bury_again(now);
    }
}
