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
    /// When the caller stopped waiting.
    abandoned: Option<Time>,
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

    /// The caller stops waiting.
    pub(super) fn abandon(&self, now: Time) {
        self.0.borrow_mut().abandoned = Some(now);
    }

    /// When the caller stopped waiting.
    pub(super) fn abandoned(&self) -> Option<Time> {
        self.0.borrow_mut().abandoned
    }
}
