//! What a balancer asks of the set.

use cascadia_runtime::Time;

use super::{Candidate, EndpointKey, EndpointSet, Way};
use crate::call::Status;

impl<W: Way> EndpointSet<W> {
    /// Whether one that may be chosen lets calls in.
    pub(crate) fn any_status(&self, now: Time) -> Status {
        let mut first = Status::Rests { until: Time::MAX };
        for member in &self.members {
            match (member.way.status(now), first) {
                (Status::Ready, _) => return Status::Ready,
                (Status::Rests { until }, Status::Rests { until: other }) if until < other => {
                    first = Status::Rests { until };
                }
                _ => {}
            }
        }
        first
    }

    /// Asks one that is about to be chosen, and remembers it if it rests.
    #[inline]
    pub(crate) fn is_ready(&mut self, position: usize, now: Time) -> bool {
        let ready = self.members[position].way.status(now) == Status::Ready;
        if !ready {
            self.falls_asleep(position);
        }
        ready
    }

    /// Asks those that rested whether they still do.
    pub(crate) fn wake(&mut self, now: Time) {
        if self.is_well() {
            return;
        }
        for member in &mut self.members {
            if member.rests && member.told <= now && member.way.status(now) == Status::Ready {
                member.rests = false;
                self.unwell -= usize::from(member.is_well());
            }
        }
    }

    /// Makes a choice of those that do not rest, are not ejected and are `wanted`. Where all are
    /// ejected, they may be chosen `after_all`.
    pub(crate) fn narrow(&mut self, after_all: bool, wanted: impl Fn(EndpointKey) -> bool) {
        let ejected_too = after_all && self.all_ejected();
        self.choice.clear();
        for (candidate, member) in self.candidates.iter().zip(&self.members) {
            let may = !member.rests && (ejected_too || !member.ejected);
            if may && wanted(candidate.endpoint) {
                self.choice.push(*candidate);
            }
        }
    }

    /// The choice that was made, less those that turned out to rest.
    pub(crate) fn choice(&self) -> &[Candidate] {
        &self.choice
    }

    /// The position of the one in that place of the choice if it does not rest. If it does, it is
    /// no choice.
    pub(crate) fn choose(&mut self, place: usize, now: Time) -> Option<usize> {
        let position = self.find(self.choice[place].endpoint).ok()?;
        let ready = self.is_ready(position, now);
        if !ready {
            self.choice.remove(place);
        }
        ready.then_some(position)
    }

    /// Of those that rest, the one that is to be back first: what it says when it refuses is how
    /// long there is nobody to ask.
    pub(crate) fn first_back(&self, now: Time) -> Option<usize> {
        let all_ejected = self.all_ejected();
        let kept = |position: &usize| all_ejected || !self.members[*position].ejected;
        let positions = (0..self.members.len()).filter(kept);
        positions.min_by_key(|position| self.members[*position].back(now).1)
    }

    /// Whether a call that failed at `endpoint` could go at once to another that is `wanted`.
    pub(crate) fn has_another(
        &self,
        endpoint: EndpointKey,
        now: Time,
        wanted: impl Fn(EndpointKey) -> bool,
    ) -> bool {
        self.candidates.iter().zip(&self.members).any(|(other, member)| {
            other.endpoint != endpoint
                && !member.ejected
                && wanted(other.endpoint)
                && member.told <= now
                && member.way.status(now) == Status::Ready
        })
    }

    fn all_ejected(&self) -> bool {
        self.ejected == self.members.len()
    }
}
