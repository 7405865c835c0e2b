use std::task::{Context, Poll};

use cascadia_runtime::Time;
use cascadia_sim_core::{Local, Sim, Waiter};

use super::Answer;

/// Where a caller waits for its answer.
#[derive(Default)]
pub(super) struct Reply(Local<State>);

#[derive(Default)]
struct State {
    answer: Option<Answer>,
    waiter: Option<Waiter>,
    /// When the caller, or whoever it works for, stopped waiting, where that is known. Nobody can have
    /// done so before: time goes on.
    abandoned: Option<Time>,
    /// How often anybody had stopped waiting when it was last seen that none of them had.
    seen: u64,
}

impl Reply {
    /// Brings the answer. Nobody may be there to take it.
    pub(super) fn fill(&self, answer: Answer) {
        let waiter = {
            let mut state = self.0.borrow_mut();
            state.answer = Some(answer);
            state.waiter.take()
        };
        if let Some(waiter) = waiter {
            waiter.wake();
        }
    }

    #[inline]
    pub(super) fn poll(&self, sim: Sim, context: &Context<'_>) -> Poll<Answer> {
        let mut state = self.0.borrow_mut();
        if let Some(answer) = state.answer.take() {
            return Poll::Ready(answer);
        }
        state.waiter = Some(sim.waiter(context));
        Poll::Pending
    }

    /// When the caller, or whoever it works for, stopped waiting, as far as that is known here.
    #[inline]
    pub(super) fn abandoned(&self) -> Option<Time> {
        self.0.borrow_mut().abandoned
    }

    /// The same, unless it has to be found out, as that has happened `count` times to anybody.
    pub(super) fn known(&self, count: u64) -> Option<Option<Time>> {
        let state = self.0.borrow_mut();
        (state.abandoned.is_some() || state.seen == count).then_some(state.abandoned)
    }

    /// That is found out.
    pub(super) fn learn(&self, abandoned: Option<Time>, count: u64) {
        let mut state = self.0.borrow_mut();
        (state.abandoned, state.seen) = (abandoned, count);
    }
}
