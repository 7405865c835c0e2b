use super::state::Reader;
use super::window::State;
use crate::messaging::delivery::Token;
use crate::messaging::ids::Offset;
use crate::messaging::partition::base::Base;
use crate::messaging::partition::entry::Change;
use crate::messaging::settle::{Settle, Settled};
use crate::messaging::sharing::LateAck;

impl Reader {
    /// Says what is to become of some deliveries.
    pub(in crate::messaging::partition) fn settle(
        &mut self,
        ids: &[(Offset, Token)],
        settle: &Settle,
        base: &mut Base,
    ) -> Vec<Settled> {
        let mut done = Vec::new();
        let settled = ids.iter().map(|(offset, token)| {
            let settled = self.claim(offset.0, *token, settle, base);
            match settled {
                Settled::Late => base.counts.late += 1,
                Settled::Stale => base.counts.stale += 1,
                Settled::Done | Settled::Gone => {}
            }
            if settled.is_done() {
                self.do_as(offset.0, settle, &mut done, base);
            }
            settled
        });
        let settled = settled.collect();
        if !done.is_empty() {
            base.counts.acked += done.len() as u64;
            self.write(Change::Done(self.group.clone(), done), base);
        }
        self.tidy(base);
        settled
    }

    /// Whether whoever has this token has a say.
    fn claim(&self, offset: u64, token: Token, settle: &Settle, base: &Base) -> Settled {
        if offset < self.window.floor() {
            return Settled::Gone;
        }
        let Some(slot) = self.window.get(offset) else { return Settled::Stale };
        match slot.state {
            State::Done | State::Doomed => Settled::Gone,
            State::Held => Settled::Stale,
            _ if token.term == base.term && self.has(offset, token.number) => Settled::Done,
            _ => {
                let late = self.settings.as_ref().map(|settings| settings.late_ack);
                let is_final = matches!(settle, Settle::Ack | Settle::AckThrough | Settle::Dead(_));
                let is_late = is_final && late == Some(LateAck::Accept);
                if is_late { Settled::Late } else { Settled::Stale }
            }
        }
    }

    fn do_as(&mut self, offset: u64, settle: &Settle, done: &mut Vec<Offset>, base: &mut Base) {
        match settle {
            Settle::Ack => self.ack(offset, done, base),
            Settle::AckThrough => {
                let before = self.window.floor()..offset;
                let is_out = |at: &u64| {
                    self.window.get(*at).is_some_and(|slot| slot.state == State::InFlight)
                };
                let before: Vec<_> = before.filter(is_out).collect();
                before.into_iter().chain([offset]).for_each(|at| self.ack(at, done, base));
            }
            Settle::Requeue => {
                base.counts.refused += 1;
                self.fail(offset, std::time::Duration::ZERO, base);
            }
            Settle::RequeueAfter(pause) => {
                base.counts.refused += 1;
                self.fail(offset, *pause, base);
            }
            Settle::Dead(why) => self.doom(offset, why.clone(), base),
            Settle::Working => {
                let wait = self.settings.as_ref().map(|settings| settings.ack_wait);
                if let (Some(slot), Some(wait)) = (self.window.get_mut(offset), wait) {
                    slot.deadline = base.now.time + wait;
                }
            }
        }
    }

    fn ack(&mut self, offset: u64, done: &mut Vec<Offset>, base: &mut Base) {
        done.push(Offset(offset));
        self.finish(offset, base);
    }

    /// Keeps deliveries for a transaction that is about to end: all of them, or none where one is not in
    /// flight any more.
    pub(in crate::messaging::partition) fn hold(
        &mut self,
        ids: &[(Offset, Token)],
        base: &Base,
    ) -> bool {
        let is_own = |(offset, token): &(Offset, Token)| {
            token.term == base.term && self.has(offset.0, token.number)
        };
        let all = ids.iter().all(is_own);
        if all {
            ids.iter().for_each(|(offset, _)| self.set(offset.0, State::Held));
        }
        all
    }

    /// The transaction has ended: the deliveries that were held for it are done.
    pub(in crate::messaging::partition) fn finish_held(
        &mut self,
        offsets: &[Offset],
        base: &mut Base,
    ) {
        let is_left = |offset: &Offset| {
            let slot = self.window.get(offset.0);
            offset.0 >= self.window.floor() && slot.is_none_or(|slot| slot.state != State::Done)
        };
        let left: Vec<_> = offsets.iter().copied().filter(is_left).collect();
        if !left.is_empty() {
            base.counts.acked += left.len() as u64;
            left.iter().for_each(|offset| self.finish(offset.0, base));
            self.write(Change::Done(self.group.clone(), left), base);
            self.tidy(base);
        }
    }

    /// The transaction will not end so: the deliveries go on where they were.
    pub(in crate::messaging::partition) fn let_go(&mut self, offsets: &[Offset], base: &mut Base) {
        for offset in offsets {
            if self.window.get(offset.0).is_some_and(|slot| slot.state == State::Held) {
                let pause = self.backoff(offset.0);
                self.fail(offset.0, pause, base);
            }
        }
    }

    fn set(&mut self, offset: u64, state: State) {
        if let Some(slot) = self.window.get_mut(offset) {
            slot.state = state;
        }
    }
}
