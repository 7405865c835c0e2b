use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::{Runtime, Wall};

use super::error::SagaError;
use super::inbox::{Come, Inbox};
use super::rows::{Live, decode_order};
use super::shared::Shared;
use crate::saga::codec::encode_entries;
use crate::saga::command::Command;
use crate::saga::core::{Ready, Saga};
use crate::saga::ids::Epoch;
use crate::saga::state::Phase;
use crate::store::{Commit, Condition, Key, Revision, StoreError};
use crate::sync::{Alarm, lock};

/// Drives one saga as long as it is this orchestrator's.
pub(super) struct Driver<R: Runtime> {
    pub(super) shared: Arc<Shared<R>>,
    pub(super) saga: Saga,
    pub(super) epoch: Epoch,
    /// The row of who drives it.
    pub(super) live: Key,
    /// Where the next entry is written.
    pub(super) place: u64,
    /// The commit that wrote the lease, on which all that is written depends.
    pub(super) held: Revision,
    /// Until when it holds.
    pub(super) until: Wall,
    pub(super) inbox: Arc<Inbox>,
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
            let ended = self.run(begun).await.ok().flatten();
            own.let_go(&id, ended);
        });
        if let Some(running) = lock(&shared.running).get_mut(&id) {
            running.task = Some(task);
        }
    }

    /// How it has ended, where that is written.
    async fn run(mut self, begun: Option<Ready>) -> Result<Option<Phase>, StoreError> {
        let (mut read, mut alarm) = (Read::new(), Alarm::default());
        let mut come = Come::orders();
        let mut ready = match begun {
            Some(begun) => begun,
            None => self.next(&come, &mut read).await?,
        };
        loop {
            ready.commands.drain(..).for_each(|command| self.send(command));
            let phase = self.saga.state().phase();
            if self.saga.is_fenced() {
                self.shared.count(|counts| counts.lost += 1);
                return Ok(None);
            }
            if phase.is_end() || matches!(phase, Phase::Stuck(_)) {
                return Ok(Some(phase));
            }
            // Nobody tells of the orders that others were given, so they are looked for when nothing else happens.
            come.clear();
            let deadline = ready.deadline;
            self.saga.give_back(ready);
            come.has_orders |= !self.has_come(&mut alarm, deadline, &mut come).await;
            ready = self.next(&come, &mut read).await?;
        }
    }

    /// What is to be done now, when what has to be written before is written.
    async fn next(&mut self, come: &Come, read: &mut Read) -> Result<Ready, StoreError> {
        if come.has_orders {
            self.read_mail(read).await?;
        }
        loop {
            let now = self.shared.world.wall();
            let mut is_told = false;
            for (command, outcome) in &come.outcomes {
                is_told |= self.saga.on_outcome(command, outcome.clone(), now);
            }
            if !is_told {
                self.saga.on_tick(now);
            }
            let ready = self.saga.ready();
            let must_renew = now.may_be_past(self.until, self.shared.config.lease / 2);
            if ready.entries.is_empty() && read.is_empty() && !must_renew {
                return Ok(ready);
            }
            match self.write(&ready, read, (now, must_renew)).await {
                Err(StoreError::Conflict) => self.hear(read).await?,
                written => {
                    written?;
                    read.clear();
                    return Ok(ready);
                }
            }
        }
    }

    /// Somebody has touched the saga: who has taken it over, or who has given an order. That is heard from where the saga
    /// is by its log, before anything that was to be written.
    async fn hear(&mut self, read: &mut Read) -> Result<(), StoreError> {
        let (own, id) = ((self.shared.own, self.epoch), self.saga.id().clone());
        let live = self.shared.live(&id).await?;
        let Some((_, at)) = live.filter(|(live, _)| (live.owner, live.epoch) == own) else {
            self.shared.count(|counts| counts.lost += 1);
            return Err(StoreError::Conflict);
        };
        self.held = at;
        let log = self.shared.log(&id).await.map_err(|error| match error {
            SagaError::Store(error) => error,
            other => StoreError::Corrupt(other.to_string()),
        })?;
        self.saga = Saga::of(id, log.state(), self.epoch);
        read.clear();
        self.read_mail(read).await
    }

    async fn read_mail(&mut self, read: &mut Read) -> Result<(), StoreError> {
        let mail = self.shared.rows().mail(self.saga.id());
        for row in self.shared.store.range(mail, 1_000).await?.rows {
            if read.contains(&row.key) {
                continue;
            }
            if let Ok(order) = decode_order(&row.value) {
                self.saga.on_order(&order, self.shared.world.wall());
            }
            read.push(row.key);
        }
        Ok(())
    }

    /// Writes what there is to be written, and the lease only where it is to be another one.
    async fn write(
        &mut self,
        ready: &Ready,
        read: &Read,
        (now, must_renew): (Wall, bool),
    ) -> Result<(), StoreError> {
        let (rows, id) = (self.shared.rows(), self.saga.id());
        let phase = self.saga.state().phase();
        let is_stuck = matches!(phase, Phase::Stuck(_));
        let until = now + self.shared.config.lease;
        let given = vec![Condition::At(self.live.clone(), self.held)];
        let mut commit = Commit { given, ..Commit::new() };
        if !ready.entries.is_empty() {
            let entries = encode_entries(self.place, &ready.entries);
            commit = commit.put(rows.entries(id, self.place), entries);
        }
        for order in read {
            commit = commit.delete(order.clone());
        }
        if phase.is_end() {
            let end = [u8::from(phase == Phase::Completed)];
            commit = commit.delete(self.live.clone()).put(rows.end(id), end);
        } else if is_stuck || must_renew {
            let live = Live { owner: self.shared.own, epoch: self.epoch, until, is_stuck };
            commit = commit.put(self.live.clone(), live.encode());
        }
        let written = self.shared.journal.commit(commit).await?;
        if is_stuck || must_renew {
            (self.held, self.until) = (written, until);
        }
        self.place += ready.entries.len() as u64;
        self.shared.count(|counts| match phase {
            Phase::Completed => counts.completed += 1,
            Phase::Compensated => counts.compensated += 1,
            Phase::Stuck(_) => counts.stuck += 1,
            Phase::Forward | Phase::Backward => {}
        });
        Ok(())
    }

    fn send(&self, command: Command) {
        let definition = self.saga.state().definition();
        let step = definition.find(&command.step).map(|step| &definition.steps()[step]);
        let is_asked = |(name, _): &&(Arc<str>, _)| step.is_some_and(|of| of.participant == *name);
        let Some((_, to)) = self.shared.participants.iter().find(is_asked) else { return };
        self.shared.count(|counts| {
            counts.commands += 1;
            counts.retries += u64::from(command.attempt > 1);
        });
        let (call, inbox) = (to.call(command.clone()), Arc::clone(&self.inbox));
        let asked = async move {
            let outcome = call.await;
            // One that drives no more has no use for it.
            inbox.ended(command, outcome);
        };
        drop(self.shared.world.spawn(asked));
    }

    /// Waits until something has come. Nothing has, where something is due before.
    async fn has_come(&self, alarm: &mut Alarm<R>, deadline: Wall, come: &mut Come) -> bool {
        let world = &self.shared.world;
        // However short the lease is, time goes on.
        let part = (self.shared.config.lease / 3).max(Duration::from_nanos(1));
        let until = world.now() + deadline.since(world.wall()).min(part);
        let comes = poll_fn(|context| self.inbox.poll(context, come));
        alarm.before(world, until, comes).await.is_some()
    }
}
