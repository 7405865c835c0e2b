use cascadia_runtime::{Stream, Time};

use super::between::Between;
use super::disk::Disk;
use super::plan::Plan;
use crate::raft::wal::Corrupt;
use crate::raft::{MemberId, Raft, RaftConfig, Role};

/// A process with its disk. It has no member while it is down.
pub(crate) struct Host {
    pub(crate) id: MemberId,
    pub(crate) raft: Option<Raft>,
    /// How often it has started.
    pub(crate) life: u64,
    pub(crate) disk: Disk,
    pub(crate) between: Box<dyn Between>,
    pub(crate) applied: u64,
    /// Nothing happens to it before.
    pub(crate) held_until: Time,
    /// When it is woken next.
    pub(crate) tick_at: Time,
}

impl Host {
    pub(crate) fn new(id: MemberId, between: Box<dyn Between>) -> Self {
        Self {
            id,
            raft: None,
            life: 0,
            disk: Disk::default(),
            between,
            applied: 0,
            held_until: Time::ZERO,
            tick_at: Time::MAX,
        }
    }

    pub(crate) fn start(&mut self, plan: &Plan, stream: Stream, now: Time) -> Result<(), Corrupt> {
        let saved = self.disk.recover()?;
        let members: Vec<_> = (0..plan.members).map(MemberId).collect();
        let config = RaftConfig { max_entries: plan.max_entries, ..RaftConfig::default() };
        self.between.on_start(&saved);
        self.raft = Some(Raft::new(config, self.id, &members, saved, stream, now));
        self.life += 1;
        self.applied = 0;
        self.tick_at = Time::MAX;
        Ok(())
    }

    pub(crate) fn crash(&mut self, stream: &mut Stream) {
        self.raft = None;
        self.disk.crash(stream);
    }

    pub(crate) fn leads(&self) -> bool {
        self.raft.as_ref().is_some_and(|raft| raft.status().role == Role::Leader)
    }
}
