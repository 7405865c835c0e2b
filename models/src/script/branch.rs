//! Branches of transactions of several services.

use std::sync::Arc;

use cascadia_patterns::call::Failure;
use cascadia_patterns::store::StoreError;
use cascadia_patterns::two_phase::{Begun, Reply, Work};
use cascadia_sim_core::Local;

use super::step::{self, Op};
use super::task::Task;
use crate::effects::{Booth, Branch, Said, Word};
use crate::exchange::{Answer, Content, ServiceError, Status, failed};
use crate::ledgers::Entry;

/// Does what a coordinator asks. Who comes second of two at the same time begins anew.
pub(super) async fn run(ops: &[Op], task: &Task<'_>, branch: &Arc<Branch>) -> Answer {
    let Some(booth) = task.host.booth(&branch.saga) else { return failed(Status::UNAVAILABLE) };
    let Word::Ask(ask) = &branch.word else { return failed(Status::UNAVAILABLE) };
    loop {
        let replied = match booth.branches.begin(&booth.store, ask.clone()).await {
            Ok(Begun::Known(reply)) => Ok(Ok(reply)),
            Ok(Begun::Work(work)) => vote(ops, task, (branch, &booth), *work).await,
            Err(error) => Err(error),
        };
        match replied {
            Ok(Ok(reply)) => {
                branch.say(Said::Reply(reply));
                return Ok(Content::default());
            }
            Ok(Err(failure)) => return Err(failure),
            Err(StoreError::Conflict) => {}
            Err(_) => return failed(Status::UNAVAILABLE),
        }
    }
}

/// Votes, or says why it does not.
async fn vote(
    ops: &[Op],
    task: &Task<'_>,
    (branch, booth): (&Branch, &Booth),
    mut work: Work,
) -> Result<Result<Reply, Failure<ServiceError>>, StoreError> {
    let staged = Local::default();
    let answer = step::run(ops, &Task { staged: Some(&staged), ..*task }).await;
    let entries: Vec<Entry> = std::mem::take(&mut *staged.borrow_mut());
    if let Err(failure) = answer {
        return Ok(Err(failure));
    }
    if !task.host.ledgers().have(&entries) {
        return Ok(Ok(Reply::No));
    }
    // What it is about is said behind its name.
    let about = work.ask.name.rsplit('/').next().unwrap_or_default().to_owned();
    for (ledger, _) in &entries {
        if work.lock(&format!("{}/{about}", ledger.0)).await?.is_some() {
            (booth.locked)();
            return Ok(Ok(Reply::Locked));
        }
    }
    Booth::stage(&mut work, &branch.step, &entries);
    booth.branches.vote(work).await.map(Ok)
}
