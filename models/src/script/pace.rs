//! How fast a replica works, and what a slow-down does to it.

use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::{Poll, Waker};

use cascadia_runtime::{Runtime, Time};
use cascadia_sim_core::{Local, Sim};
use futures::future::Either;

use crate::laws::nearest;

/// The pace of one replica: how many times as long as planned its work takes.
pub(crate) struct Pace {
    sim: Sim,
    state: Local<State>,
}

struct State {
    /// Stretches work that is begun.
    start: Stretch,
    /// Stretches work in progress.
    rate: Stretch,
    /// What a worker has done that never rested, up to `since`, in nanoseconds of work.
    done: f64,
    since: Time,
    /// Counts the changes of `rate`.
    changes: u64,
    /// Work in progress, to be told of a change.
    working: BTreeMap<u64, Waker>,
    works: u64,
}

/// The slow-downs in force; their factors multiply.
#[derive(Default)]
struct Stretch(Vec<f64>);

impl Stretch {
    fn factor(&self) -> f64 {
        self.0.iter().product()
    }

    fn stretch(&mut self, factor: f64, begins: bool) {
        if begins {
            self.0.push(factor);
        } else if let Some(index) = self.0.iter().position(|held| *held == factor) {
            self.0.remove(index);
        }
    }
}

impl State {
    fn done(&self, now: Time) -> f64 {
        self.done + now.since(self.since).as_nanos() as f64 / self.rate.factor()
    }
}

impl Pace {
    pub(crate) fn new(sim: Sim) -> Self {
        let state = State {
            start: Stretch::default(),
            rate: Stretch::default(),
            done: 0.0,
            since: Time::ZERO,
            changes: 0,
            working: BTreeMap::new(),
            works: 0,
        };
        Self { sim, state: Local::new(state) }
    }

    /// Begins or ends to stretch work by `factor`, from its begin.
    pub(crate) fn stretch_start(&self, factor: f64, begins: bool) {
        self.state.borrow_mut().start.stretch(factor, begins);
    }

    /// Begins or ends to stretch work in progress by `factor`.
    pub(crate) fn stretch_rate(&self, factor: f64, begins: bool) {
        let working = {
            let mut state = self.state.borrow_mut();
            let now = self.sim.now();
            state.done = state.done(now);
            state.since = now;
            state.rate.stretch(factor, begins);
            state.changes += 1;
            std::mem::take(&mut state.working)
        };
        working.into_values().for_each(Waker::wake);
    }

    /// How many nanoseconds work takes that is begun now, if nothing stretches work in progress.
    pub(crate) fn time(&self, nanos: u64) -> u64 {
        nearest(nanos as f64 * self.state.borrow_mut().start.factor())
    }

    /// Works for what takes `nanos` nanoseconds at the planned pace.
    pub(crate) fn work(
        &self,
        nanos: u64,
        stretches: bool,
    ) -> impl Future<Output = ()> + Send + use<'_> {
        if stretches {
            let work = nanos as f64 * self.state.borrow_mut().start.factor();
            Either::Left(Box::pin(self.stretched(work)))
        } else {
            Either::Right(self.sim.sleep_until(self.sim.now().after(self.time(nanos))))
        }
    }

    async fn stretched(&self, work: f64) {
        let (id, end) = {
            let mut state = self.state.borrow_mut();
            state.works += 1;
            (state.works, state.done(self.sim.now()) + work)
        };
        let _working = Working { pace: self, id };
        loop {
            let (left, changes) = {
                let state = self.state.borrow_mut();
                ((end - state.done(self.sim.now())) * state.rate.factor(), state.changes)
            };
            if left < 0.5 {
                return;
            }
            let mut sleep = pin!(self.sim.sleep_until(self.sim.now().after(nearest(left))));
            poll_fn(|context| {
                let mut state = self.state.borrow_mut();
                if state.changes != changes || sleep.as_mut().poll(context).is_ready() {
                    return Poll::Ready(());
                }
                state.working.insert(id, context.waker().clone());
                Poll::Pending
            })
            .await;
        }
    }
}

struct Working<'a> {
    pace: &'a Pace,
    id: u64,
}

impl Drop for Working<'_> {
    fn drop(&mut self) {
        self.pace.state.borrow_mut().working.remove(&self.id);
    }
}
