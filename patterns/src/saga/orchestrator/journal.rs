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
    while let Some(first) = parcels.recv().await {
        let mut all = vec![first];
        while all.len() < MOST
            && let Ok(next) = parcels.try_recv()
        {
            all.push(next);
        }
        write(&store, all).await;
    }
}

async fn write(store: &Arc<dyn Store>, mut all: Vec<Parcel>) {
    if all.len() == 1
        && let Some((commit, tell)) = all.pop()
    {
        // Who has gone need not be told.
        let _ = tell.send(store.commit(commit).await);
        return;
    }
    let one = all.iter().fold(Commit::new(), |mut one, (commit, _)| {
        one.given.extend(commit.given.iter().cloned());
        one.writes.extend(commit.writes.clone());
        one
    });
    let answer = store.commit(one).await;
    let is_one_of_them = matches!(answer, Err(StoreError::Conflict | StoreError::TooLarge));
    for (commit, tell) in all.drain(..) {
        let answer = match is_one_of_them {
            true => store.commit(commit).await,
            false => answer.clone(),
        };
        let _ = tell.send(answer);
    }
}
