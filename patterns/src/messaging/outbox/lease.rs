use std::sync::Arc;

use cascadia_runtime::{Runtime, Wall};

use super::config::OutboxConfig;
use super::rows::Rows;
use crate::store::{Commit, Condition, Revision, Row, Store, StoreError};

/// Which relay is at work.
///
/// It is a row that says who it is, and until when. By that a dead one is replaced; two that take
/// themselves for the one are told apart by the revision of the row, on which whatever they write depends.
#[derive(Debug)]
pub(super) struct Lease {
    key: Vec<u8>,
    own: u64,
    held: Option<(Revision, Wall)>,
}

impl Lease {
    pub(super) fn new(rows: &Rows, own: u64) -> Self {
        Self { key: rows.lease(), own, held: None }
    }

    /// What must hold for a write of this one, if it has the lease or can get it; otherwise until when somebody else
    /// has it.
    pub(super) async fn hold<R: Runtime>(
        &mut self,
        world: &R,
        store: &Arc<dyn Store>,
        config: &OutboxConfig,
    ) -> Result<Result<Condition, Wall>, StoreError> {
        let now = world.wall();
        if let Some((revision, until)) = self.held
            && !now.may_be_past(until, config.lease / 2)
        {
            return Ok(Ok(Condition::At(self.key.clone(), revision)));
        }
        let row = store.get(self.key.clone()).await?;
        if let Some((other, until)) = row.as_ref().and_then(read)
            && other != self.own
            && !now.is_past(until, config.skew)
        {
            self.held = None;
            return Ok(Err(until));
        }
        let until = now + config.lease;
        let value = [self.own, until.as_nanos()].map(u64::to_be_bytes).concat();
        let given = Condition::same(&self.key, row.as_ref());
        self.held = None;
        match store.commit(Commit::new().given(given).put(self.key.clone(), value)).await {
            Ok(revision) => {
                self.held = Some((revision, until));
                Ok(Ok(Condition::At(self.key.clone(), revision)))
            }
            Err(StoreError::Conflict) => Ok(Err(now)),
            Err(error) => Err(error),
        }
    }

    /// Somebody else has it.
    pub(super) fn lose(&mut self) {
        self.held = None;
    }
}

/// Who has it, and until when.
fn read(row: &Row) -> Option<(u64, Wall)> {
    let (own, until) = row.value.split_first_chunk::<8>()?;
    let until = u64::from_be_bytes(until.try_into().ok()?);
    Some((u64::from_be_bytes(*own), Wall::from_nanos(until)))
}
