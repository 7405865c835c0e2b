use std::sync::{Arc, Mutex};
use std::time::Duration;

use cascadia_runtime::{Runtime, Time};
use tokio::sync::{Notify, oneshot};

use super::answer::{Told, answered};
use super::state::State;
use crate::messaging::error::BrokerError;
use crate::messaging::partition::Now;
use crate::messaging::transaction::Decision;
use crate::store::{Store, StoreError};
use crate::sync::{before, lock};

/// A broker and its world.
#[derive(Debug)]
pub(super) struct Shared<R> {
    pub(super) world: R,
    pub(super) store: Arc<dyn Store>,
    state: Mutex<Timed>,
    work: Notify,
    earlier: Notify,
}

#[derive(Debug)]
struct Timed {
    state: State,
    /// When the timer ends that is running.
    at: Time,
}

/// How long a store is left alone that could not write.
const WRITE_AGAIN: Duration = Duration::from_millis(100);

impl<R: Runtime> Shared<R> {
    pub(super) fn new(world: R, store: Arc<dyn Store>, state: State) -> Arc<Self> {
        let state = Mutex::new(Timed { state, at: Time::MAX });
        let (work, earlier) = (Notify::new(), Notify::new());
        Arc::new(Self { world, store, state, work, earlier })
    }

    pub(super) fn now(&self) -> Now {
        Now { time: self.world.now(), wall: self.world.wall() }
    }

    /// Does something to the state, and then what follows from it. Wakers are woken while the lock is free.
    pub(super) fn act<T>(&self, act: impl FnOnce(&mut State, Now) -> T) -> T {
        let mut timed = lock(&self.state);
        let now = self.now();
        let result = act(&mut timed.state, now);
        timed.state.settle_down(now);
        let is_over = timed.state.failed.is_some();
        let has_work = timed.state.has_work() || is_over;
        let next = timed.state.next_deadline();
        let is_earlier = next < timed.at || is_over;
        timed.at = timed.at.min(next);
        let wakers = std::mem::take(&mut timed.state.wakers);
        let told = std::mem::take(&mut timed.state.told);
        drop(timed);
        if has_work {
            self.work.notify_one();
        }
        if is_earlier {
            self.earlier.notify_one();
        }
        wakers.into_iter().for_each(std::task::Waker::wake);
        told.into_iter().for_each(Told::tell);
        result
    }

    /// Writes what is to be written, until the broker stops.
    pub(super) async fn write(self: Arc<Self>) {
        loop {
            let all = lock(&self.state).state.take_work();
            if all.is_empty() {
                if lock(&self.state).state.failed.is_some() {
                    return;
                }
                self.work.notified().await;
            }
            for work in all {
                if let Err(error) = self.commit(&work.commit).await {
                    self.act(|state, _| state.fail(error));
                    return;
                }
                self.act(|state, _| state.on_written(work));
            }
        }
    }

    async fn commit(&self, commit: &crate::store::Commit) -> Result<(), BrokerError> {
        loop {
            match self.store.commit(commit.clone()).await {
                Ok(_) => return Ok(()),
                Err(StoreError::Full | StoreError::Unavailable(_)) if !self.is_closed() => {
                    self.world.sleep(WRITE_AGAIN).await;
                }
                Err(StoreError::Conflict) => return Err(BrokerError::Fenced),
                Err(error) => return Err(BrokerError::Unknown(error.to_string())),
            }
        }
    }

    fn is_closed(&self) -> bool {
        lock(&self.state).state.failed.is_some()
    }

    /// Does what is due, until the broker stops.
    pub(super) async fn tick(self: Arc<Self>) {
        while !self.is_closed() {
            let at = {
                let mut timed = lock(&self.state);
                timed.at = timed.state.next_deadline();
                timed.at
            };
            let earlier = Box::pin(self.earlier.notified());
            if before(&self.world, at, earlier).await.is_none() {
                let aborts = self.act(|state, now| {
                    state.on_tick(now);
                    std::mem::take(&mut state.aborts)
                });
                aborts.into_iter().for_each(|decision| {
                    let shared = Arc::clone(&self);
                    drop(self.world.spawn(async move { drop(shared.carry_out(decision).await) }));
                });
            }
        }
    }

    /// Does something, and waits until all that was written until then is durable.
    pub(super) async fn durably<T>(
        &self,
        act: impl FnOnce(&mut State, Now) -> Result<T, BrokerError>,
    ) -> Result<T, BrokerError> {
        let (sender, durable) = oneshot::channel();
        let done = self.act(|state, now| {
            state.check()?;
            let done = act(state, now)?;
            state.barriers.push(sender);
            Ok::<_, BrokerError>(done)
        })?;
        answered(durable).await?;
        Ok(done)
    }

    /// Does what was decided: after all that was published before is durable, and so is the decision.
    async fn carry_out(&self, decision: Decision) -> Result<(), BrokerError> {
        self.durably(|_, _| Ok(())).await?;
        self.durably(|state, _| {
            state.write_decision(&decision);
            Ok(())
        })
        .await?;
        self.durably(|state, now| {
            state.carry_out(now, &decision);
            Ok(())
        })
        .await?;
        self.act(|state, _| state.forget(&decision));
        Ok(())
    }

    /// As [`carry_out`](Self::carry_out), whether or not anybody waits for it to end.
    pub(super) async fn carry_out_anyway(
        self: Arc<Self>,
        decision: Decision,
    ) -> Result<(), BrokerError> {
        let (sender, ended) = oneshot::channel();
        let shared = Arc::clone(&self);
        let task = async move { drop(sender.send(shared.carry_out(decision).await)) };
        drop(self.world.spawn(task));
        answered(ended).await?
    }

    /// Stops: what is not durable by now may be lost, and nobody is told that it is.
    pub(super) fn close(&self) {
        self.act(|state, _| state.fail(BrokerError::Closed));
    }
}
