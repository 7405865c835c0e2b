use std::sync::Mutex;
use std::task::{Context, Poll, Waker};

use crate::saga::command::Command;
use crate::saga::outcome::Outcome;
use crate::sync::lock;

/// What comes for whoever drives a saga.
#[derive(Default)]
pub(super) struct Inbox(Mutex<State>);

#[derive(Default)]
struct State {
    outcomes: Vec<(Command, Outcome)>,
    has_orders: bool,
    task: Option<Waker>,
}

/// What has come.
#[derive(Debug, Default)]
pub(super) struct Come {
    /// Commands that have ended, in the order in which they did.
    pub(super) outcomes: Vec<(Command, Outcome)>,
    /// There are orders in the store.
    pub(super) has_orders: bool,
}

impl Come {
    /// Nothing, but that orders are to be looked for.
    pub(super) fn orders() -> Self {
        Self { has_orders: true, ..Self::default() }
    }

    /// It is done with.
    pub(super) fn clear(&mut self) {
        self.outcomes.clear();
        self.has_orders = false;
    }
}

impl Inbox {
    /// A command has ended.
    pub(super) fn ended(&self, command: Command, outcome: Outcome) {
        self.take_up(|state| state.outcomes.push((command, outcome)));
    }

    /// Somebody has given an order.
    pub(super) fn ordered(&self) {
        self.take_up(|state| state.has_orders = true);
    }

    fn take_up(&self, what: impl FnOnce(&mut State)) {
        let task = {
            let mut state = lock(&self.0);
            what(&mut state);
            state.task.take()
        };
        task.into_iter().for_each(Waker::wake);
    }

    /// Ready where something has come, which is in place of what had come before and is done with.
    pub(super) fn poll(&self, context: &mut Context<'_>, come: &mut Come) -> Poll<()> {
        let mut state = lock(&self.0);
        if state.has_orders || !state.outcomes.is_empty() {
            std::mem::swap(&mut state.outcomes, &mut come.outcomes);
            come.has_orders = std::mem::take(&mut state.has_orders);
            return Poll::Ready(());
        }
        if !state.task.as_ref().is_some_and(|task| task.will_wake(context.waker())) {
            state.task = Some(context.waker().clone());
        }
        Poll::Pending
    }
}
