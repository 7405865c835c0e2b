use cascadia_runtime::Time;

use super::firsts::Noted;
use super::group::GroupView;
use super::messages::Messages;
use crate::broker::spot::Spot;

/// The messages of a topic.
pub(super) struct TopicView {
    pub(super) next: u64,
    pub(super) groups: Vec<GroupView>,
    pub(super) open: Messages,
}

impl TopicView {
    pub(super) fn new(number: u32, groups: usize) -> Self {
        let open = Messages::new(number, groups);
        Self { next: 0, groups: (0..groups).map(|_| GroupView::default()).collect(), open }
    }

    /// A group is over with a message.
    pub(super) fn end(&mut self, spot: Spot, group: usize) {
        let Some(open) = self.open.get_mut(spot) else { return };
        let part = &mut open.parts[group];
        if !part.is_over && open.arrived {
            self.groups[group].lag -= 1;
        }
        part.is_over = true;
        self.close(spot);
    }

    /// Forgets a message that everybody is over with.
    pub(super) fn close(&mut self, spot: Spot) {
        if self.open.get(spot).is_some_and(|open| open.promised && open.is_over()) {
            self.open.remove(spot);
        }
    }

    /// Looks for messages that will never be done: they are lost, unless nobody believes in them.
    pub(super) fn audit(&mut self, now: Time) {
        let mut gone = Vec::new();
        for (spot, open) in self.open.iter() {
            let parts = open.parts.iter().enumerate();
            gone.extend(parts.filter(|(_, part)| open.is_gone(part)).map(|(at, _)| (spot, at)));
        }
        gone.sort_unstable();
        for (spot, group) in gone {
            let Some(open) = self.open.get(spot) else { continue };
            if open.promised {
                let why = open.why(group);
                let of = &mut self.groups[group];
                of.counts.lost += 1;
                let text = || format!("message {} was lost: {why}", spot.number);
                let noted = || Noted { spot, published: Some(open.at), at: now, text: text() };
                of.firsts.lost.get_or_insert_with(noted);
            }
            self.end(spot, group);
        }
        self.open.forget_those_that_are_over();
    }
}
