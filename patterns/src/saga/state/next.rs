use cascadia_runtime::Wall;

use super::fold::{Phase, State};
use super::leg::{Attempt, Leg, StepState};
use crate::saga::definition::{Kind, Siblings, Step};
use crate::saga::direction::Direction;
use crate::saga::record::{Record, Stop};

/// What is to be done about a saga.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// To write this down.
    Write(Record),
    /// Nothing, before this moment or anything else happens.
    Wait(Wall),
}

impl State {
    /// What is to be done at this moment, by the wall clock.
    ///
    /// Where that is wrong, timeouts come early or late. Neither does any harm: what is given up too early is
    /// undone, and what is undone is refused when it comes late.
    pub fn next(&self, now: Wall) -> Next {
        match self.phase {
            Phase::Forward => self.forward(now),
            Phase::Backward => self.backward(now),
            Phase::Stuck(_) | Phase::Completed | Phase::Compensated => Next::Wait(Wall::MAX),
        }
    }

    fn forward(&self, now: Wall) -> Next {
        if self.stop == Some(Stop::Forced) {
            return Next::Write(Record::Compensating);
        }
        if self.is_decided() {
            return self.do_steps(now);
        }
        let is_over = |timeout| now >= self.begun + timeout;
        if self.stop.is_none() && self.definition.timeout().is_some_and(is_over) {
            return Next::Write(Record::Stopped(Stop::TimedOut));
        }
        if self.stop.is_none() && (0..self.steps.len()).all(|step| !self.has_failed(step, now)) {
            let until = self.definition.timeout().map_or(Wall::MAX, |after| self.begun + after);
            return earlier(self.do_steps(now), until);
        }
        let waits = (0..self.steps.len()).filter(|step| self.must_end(*step));
        let next = waits.map(|step| self.attempt(step, Direction::Do, now));
        next.reduce(first).unwrap_or(Next::Write(Record::Compensating))
    }

    /// Whether the saga goes back because of a step.
    fn has_failed(&self, step: usize, now: Wall) -> bool {
        let of = &self.definition.steps()[step];
        match self.steps[step].act {
            Leg::GivenUp | Leg::Refused => true,
            Leg::Rests(rest) if !of.must_be_known() => match rest.locked {
                Some(since) => now >= since + of.lock_wait,
                None => rest.number >= of.attempts.most,
            },
            _ => false,
        }
    }

    /// Whether a step must come to an end before the saga goes back.
    fn must_end(&self, step: usize) -> bool {
        match self.steps[step].act {
            Leg::Asked(_) if self.definition.siblings() == Siblings::Wait => true,
            Leg::Asked(_) | Leg::Rests(_) => self.definition.steps()[step].must_be_known(),
            _ => false,
        }
    }

    fn do_steps(&self, now: Wall) -> Next {
        let all = 0..self.steps.len();
        let Some(open) = all.clone().find(|step| self.steps[*step].act != Leg::Done) else {
            return self.release(now, |_| true, Record::Completed);
        };
        let stage = self.definition.stage(open);
        let beside = all.skip(open).take_while(|step| self.definition.stage(*step) == stage);
        let open = beside.filter(|step| self.steps[*step].act != Leg::Done);
        let next = open.map(|step| match &self.definition.steps()[step].signal {
            Some(signal) if !self.signals.contains_key(signal) => Next::Wait(Wall::MAX),
            _ => self.attempt(step, Direction::Do, now),
        });
        next.reduce(first).unwrap_or(Next::Wait(Wall::MAX))
    }

    /// Lets go of what some steps have locked, which is asked for until it is done, and ends so.
    fn release(&self, now: Wall, of: impl Fn(&StepState) -> bool, end: Record) -> Next {
        let all = self.definition.steps().iter().zip(&self.steps).enumerate();
        let held =
            all.filter(|(_, (step, state))| step.locks && state.release != Leg::Done && of(state));
        let next = held.map(|(step, _)| self.attempt(step, Direction::Release, now));
        next.reduce(first).unwrap_or(Next::Write(end))
    }

    /// The last that was done is undone first; before that, what may have been done and nobody knows.
    fn backward(&self, now: Wall) -> Next {
        let left = (0..self.steps.len()).filter(|step| self.is_left(*step));
        let last = left.max_by_key(|step| {
            let state = &self.steps[*step];
            let order = if state.act == Leg::Done { state.order } else { u32::MAX };
            (self.definition.stage(*step), order, *step)
        });
        let Some(step) = last else {
            // The undo of the others has done that; of what was seen to by hand the participant knows nothing.
            return self.release(now, |state| state.is_skipped, Record::Compensated);
        };
        let of = &self.definition.steps()[step];
        let is_over = match self.steps[step].undo {
            Leg::Rests(rest) => rest.number >= of.undo_attempts.most,
            undo => undo == Leg::GivenUp,
        };
        if is_over || !of.undo {
            return Next::Write(Record::Stuck { step: step as u32 });
        }
        self.attempt(step, Direction::Undo, now)
    }

    /// Whether anything may be left of a step that is to be undone.
    fn is_left(&self, step: usize) -> bool {
        let state = &self.steps[step];
        let is_nothing = matches!(state.act, Leg::Untried | Leg::Refused)
            || self.definition.steps()[step].kind == Kind::Reading;
        !is_nothing && !state.is_skipped && state.undo != Leg::Done
    }

    /// How to go on with a command that is not done.
    fn attempt(&self, step: usize, direction: Direction, now: Wall) -> Next {
        let of = &self.definition.steps()[step];
        let number = step as u32;
        let ask = |attempt| Next::Write(Record::Intent { direction, step: number, attempt });
        match self.leg(step, direction) {
            Leg::Asked(Attempt { at, .. }) if now < at + of.timeout => Next::Wait(at + of.timeout),
            Leg::Asked(_) => Next::Write(Record::Unknown { direction, step: number }),
            Leg::Rests(rest) => match rest.at + pause(of, direction, rest) {
                due if now < due => Next::Wait(due),
                _ => ask(rest.number.saturating_add(1)),
            },
            _ => ask(1),
        }
    }
}

fn pause(of: &Step, direction: Direction, rest: Attempt) -> std::time::Duration {
    let attempts = if direction == Direction::Undo { &of.undo_attempts } else { &of.attempts };
    match rest.locked {
        Some(_) => of.lock_pause,
        None => attempts.backoff.after(rest.number),
    }
}

/// What is to be written comes before any wait.
fn first(one: Next, other: Next) -> Next {
    match (one, other) {
        (Next::Wait(one), Next::Wait(other)) => Next::Wait(one.min(other)),
        (write @ Next::Write(_), _) | (_, write) => write,
    }
}

fn earlier(next: Next, until: Wall) -> Next {
    first(next, Next::Wait(until))
}
