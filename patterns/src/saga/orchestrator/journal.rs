use std::sync::Arc;

use cascadia_runtime::Runtime;
use tokio::sync::{mpsc, oneshot};

use crate::store::{Commit, Revision, Store, StoreError};

/// How many commits are made one at most.
const MOST: usize = 128;

/// Writes what many sagas have to write at the same time in one commit, and so with one sync of the disk.
///
/// A commit whose conditions do not hold must not take the others with it: where one does, each is made alone.
///
/// It ends with the last who writes; what is under way then may still happen.
#[derive(Debug)]
pub(super) struct Journal(mpsc::UnboundedSender<Parcel>);

type Answer = Result<Revision, StoreError>;
type Parcel = (Commit, oneshot::Sender<Answer>);

impl Journal {
    pub(super) fn new<R: Runtime>(world: &R, store: Arc<dyn Store>) -> Self {
        let (sender, parcels) = mpsc::unbounded_channel();
        drop(world.spawn(run(store, parcels)));
        Self(sender)
    }

    pub(super) async fn commit(&self, commit: Commit) -> Answer {
        let gone = || StoreError::Unknown("the orchestrator has ended".into());
        let (tell, told) = oneshot::channel();
        self.0.send((commit, tell)).map_err(|_| gone())?;
        told.await.unwrap_or_else(|_| Err(gone()))
    }
}

async fn run(store: Arc<dyn Store>, mut parcels: mpsc::UnboundedReceiver<Parcel>) {
    let mut all = Vec::new();
    while parcels.recv_many(&mut all, MOST).await > 0 {
        write(&store, &mut all).await;
    }
}

async fn write(store: &Arc<dyn Store>, all: &mut Vec<Parcel>) {
    if all.len() == 1
        && let Some((commit, tell)) = all.pop()
    {
        // Who has gone need not be told.
        let _ = tell.send(store.commit(commit).await);
        return;
    }
    let (commits, tell): (Vec<_>, Vec<_>) = all.drain(..).unzip();
    let answer = match store.commit_all(commits).await {
        Err((StoreError::Conflict | StoreError::TooLarge, commits)) => {
            for (commit, tell) in commits.into_iter().zip(tell) {
                let _ = tell.send(store.commit(commit).await);
            }
            return;
        }
        Err((error, _)) => Err(error),
        Ok(made) => Ok(made),
    };
    for tell in tell {
        let _ = tell.send(answer.clone());
    }
}
