use std::sync::Arc;

use cascadia_runtime::Runtime;

use super::driver::Driver;
use super::error::SagaError;
use super::rows::Live;
use super::shared::Shared;
use crate::saga::core::Saga;
use crate::saga::ids::SagaId;
use crate::store::{Commit, Condition, Revision, StoreError};

/// Looks for sagas that nobody drives, as long as the orchestrator lives.
pub(super) async fn sweep<R: Runtime>(shared: Arc<Shared<R>>) {
    loop {
        // A store that is away is asked again next time.
        let _ = look(&shared).await;
        shared.world.sleep(shared.config.sweep).await;
    }
}

async fn look<R: Runtime>(shared: &Arc<Shared<R>>) -> Result<(), StoreError> {
    let mut rest = Some(shared.rows().all_live());
    while let Some(range) = rest {
        let page = shared.store.range(range, 1_000).await?;
        for row in page.rows {
            let id = shared.rows().id_of(&row.key);
            match Live::decode(&row.value) {
                Ok(live) => take(shared, &id, live, row.revision).await?,
                Err(_) => shared.count(|counts| counts.foreign += 1),
            }
        }
        rest = page.rest;
    }
    Ok(())
}

/// Takes a saga over if nobody drives it: its lease is over, or it is this orchestrator's own and not driven here. One that is stuck is
/// taken when there is an order for it.
pub(super) async fn take<R: Runtime>(
    shared: &Arc<Shared<R>>,
    id: &SagaId,
    live: Live,
    at: Revision,
) -> Result<(), StoreError> {
    let now = shared.world.wall();
    let is_free = live.owner == shared.own || now.is_past(live.until, shared.config.skew);
    if !is_free && !live.is_stuck {
        return Ok(());
    }
    if live.is_stuck && shared.store.range(shared.rows().mail(id), 1).await?.rows.is_empty() {
        return Ok(());
    }
    let Some(inbox) = shared.claim(id) else { return Ok(()) };
    let lease = Live {
        owner: shared.own,
        epoch: live.epoch.next(),
        until: now + shared.config.lease,
        is_stuck: false,
    };
    match hold(shared, id, lease, at).await {
        Ok((saga, place, held)) => {
            shared.count(|counts| counts.taken_over += 1);
            let (shared, epoch) = (Arc::clone(shared), lease.epoch);
            let (until, live) = (lease.until, shared.rows().live(id));
            Driver { shared, saga, epoch, live, place, held, until, inbox }.start(None);
            Ok(())
        }
        Err(error) => {
            shared.let_go(id, None);
            match error {
                SagaError::Store(StoreError::Corrupt(_)) | SagaError::NoDefinition(_) => {
                    shared.count(|counts| counts.foreign += 1);
                    Ok(())
                }
                SagaError::Store(StoreError::Conflict) => Ok(()),
                SagaError::Store(error) => Err(error),
                _ => Ok(()),
            }
        }
    }
}

/// What is written by whoever had it before conflicts from the commit of the lease on, so the log is read after it.
async fn hold<R: Runtime>(
    shared: &Arc<Shared<R>>,
    id: &SagaId,
    lease: Live,
    at: Revision,
) -> Result<(Saga, u64, Revision), SagaError> {
    shared.log(id).await?;
    let key = shared.rows().live(id);
    let commit = Commit::new().given(Condition::At(key.clone(), at)).put(key, lease.encode());
    let held = shared.journal.commit(commit).await?;
    let log = shared.log(id).await?;
    let saga = Saga::resume(id.clone(), log.state(), lease.epoch, shared.world.wall());
    Ok((saga, log.entries.len() as u64, held))
}
