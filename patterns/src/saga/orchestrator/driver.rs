use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use cascadia_runtime::{Runtime, Wall};
use tokio::sync::{Notify, mpsc};

use super::rows::{Live, decode_order};
use super::shared::Shared;
use crate::saga::codec::encode_entry;
use crate::saga::command::Command;
use crate::saga::core::{Ready, Saga};
use crate::saga::ids::Epoch;
use crate::saga::outcome::Outcome;
use crate::saga::state::Phase;
use crate::store::{Commit, Condition, Key, Revision, StoreError};
use crate::sync::{before, lock};

/// Drives one saga as long as it is this orchestrator's.
pub(super) struct Driver<R: Runtime> {
    pub(super) shared: Arc<Shared<R>>,
    pub(super) saga: Saga,
    pub(super) epoch: Epoch,
    /// Where the next entry is written.
    pub(super) place: u64,
    /// The commit that wrote the lease, on which all that is written depends.
    pub(super) held: Revision,
    /// Until when it holds.
    pub(super) until: Wall,
    pub(super) wake: Arc<Notify>,
}

/// Orders that were read and are to be deleted with what they have brought about.
type Read = Vec<Key>;

impl<R: Runtime> Driver<R> {
    /// Begins to drive it beside.
    pub(super) fn start(self, begun: Option<Ready>) {
        let (shared, id) = (Arc::clone(&self.shared), self.saga.id().clone());
        let own = Arc::clone(&self.shared);
        let task = shared.world.spawn(async move {
            let id = self.saga.id().clone();
            // What was not written is not done; whoever finds it next reads what was.
            let _ = self.run(begun).await;
            own.let_go(&id);
        });
        if let Some(running) = lock(&shared.running).get_mut(&id) {
            running.task = Some(task);
        }
    }

    async fn run(mut self, begun: Option<Ready>) -> Result<(), StoreError> {
        let (tell, mut outcomes) = mpsc::unbounded_channel();
        let mut read = Read::new();
        let mut ready = match begun {
            Some(begun) => begun,
            None => self.next(&mut read).await?,
        };
        loop {
            ready.commands.drain(..).for_each(|command| self.send(command, &tell));
            if self.is_over() {
                return Ok(());
            }
            self.wait(ready.deadline, &mut outcomes).await;
            ready = self.next(&mut read).await?;
        }
    }

    fn is_over(&self) -> bool {
        let phase = self.saga.state().phase();
        if self.saga.is_fenced() {
            self.shared.count(|counts| counts.lost += 1);
        }
        self.saga.is_fenced() || phase.is_end() || matches!(phase, Phase::Stuck(_))
    }

    /// What is to be done now, when what has to be written before is written.
    async fn next(&mut self, read: &mut Read) -> Result<Ready, StoreError> {
        self.read_mail(read).await?;
        let now = self.shared.world.wall();
        self.saga.on_tick(now);
        let ready = self.saga.ready();
        let must_renew = now.may_be_past(self.until, self.shared.config.lease / 2);
        if !ready.entries.is_empty() || !read.is_empty() || must_renew {
            self.write(&ready, read, now).await?;
            read.clear();
        }
        Ok(ready)
    }

    async fn read_mail(&mut self, read: &mut Read) -> Result<(), StoreError> {
        let mail = self.shared.rows.mail(self.saga.id());
        for row in self.shared.store.range(mail, 1_000).await?.rows {
            let now = self.shared.world.wall();
            if let Ok(order) = decode_order(&row.value)
                && !read.contains(&row.key)
            {
                self.saga.on_order(&order, now);
            }
            read.push(row.key);
        }
        Ok(())
    }

    async fn write(&mut self, ready: &Ready, read: &Read, now: Wall) -> Result<(), StoreError> {
        let (rows, id) = (&self.shared.rows, self.saga.id());
        let (key, phase) = (rows.live(id), self.saga.state().phase());
        let mut commit = Commit::new().given(Condition::At(key.clone(), self.held));
        for (place, entry) in (self.place..).zip(&ready.entries) {
            commit = commit.put(rows.entry(id, place), encode_entry(place, entry));
        }
        for order in read {
            commit = commit.delete(order.clone());
        }
        let until = now + self.shared.config.lease;
        let is_stuck = matches!(phase, Phase::Stuck(_));
        commit = match phase.is_end() {
            true => commit.delete(key).put(rows.end(id), [u8::from(phase == Phase::Completed)]),
            false => {
                let live = Live { owner: self.shared.own, epoch: self.epoch, until, is_stuck };
                commit.put(key, live.encode())
            }
        };
        let written = self.shared.journal.commit(commit).await;
        if written == Err(StoreError::Conflict) {
            self.shared.count(|counts| counts.lost += 1);
        }
        (self.held, self.until) = (written?, until);
        self.place += ready.entries.len() as u64;
        self.shared.count(|counts| match phase {
            Phase::Completed => counts.completed += 1,
            Phase::Compensated => counts.compensated += 1,
            Phase::Stuck(_) => counts.stuck += 1,
            Phase::Forward | Phase::Backward => {}
        });
        Ok(())
    }

    fn send(&self, command: Command, tell: &mpsc::UnboundedSender<(Command, Outcome)>) {
        let steps = self.saga.state().definition().steps();
        let step = steps.iter().find(|step| step.name == command.step);
        let to = step.and_then(|step| self.shared.participants.get(&step.participant));
        let Some(to) = to else { return };
        self.shared.count(|counts| {
            counts.commands += 1;
            counts.retries += u64::from(command.attempt > 1);
        });
        let (call, tell) = (to.call(command.clone()), tell.clone());
        let asked = async move {
            let outcome = call.await;
            // One that drives no more has no use for it.
            let _ = tell.send((command, outcome));
        };
        drop(self.shared.world.spawn(asked));
    }

    /// Waits until something has happened, or is due.
    async fn wait(
        &mut self,
        deadline: Wall,
        outcomes: &mut mpsc::UnboundedReceiver<(Command, Outcome)>,
    ) {
        let world = self.shared.world.clone();
        let left = deadline.since(world.wall()).min(self.shared.config.lease / 3);
        let until = world.now() + left;
        let wake = Arc::clone(&self.wake);
        let mut woken = Box::pin(wake.notified());
        let happened = poll_fn(|context| match outcomes.poll_recv(context) {
            Poll::Ready(ended) => Poll::Ready(ended),
            Poll::Pending => woken.as_mut().poll(context).map(|()| None),
        });
        let mut next = before(&world, until, happened).await.flatten();
        while let Some((command, outcome)) = next {
            self.saga.on_outcome(&command, outcome, world.wall());
            next = outcomes.try_recv().ok();
        }
    }
}
