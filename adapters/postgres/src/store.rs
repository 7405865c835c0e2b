use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::call::BoxFuture;
use cascadia_patterns::store::{Change, Commit, Query, Revision, Store, StoreError, View};
use cascadia_runtime::{Net, Runtime};
use tokio::io::{AsyncRead, AsyncWrite};

use crate::config::PostgresConfig;
use crate::error::unknown;
use crate::link::{Lease, Links};
use crate::session::Session;
use crate::sql;
use crate::world::{Duplex, World};

/// A store in a schema of a server. Its clones are the same store, and so is any other one of the
/// same schema.
#[derive(Clone)]
pub struct PostgresStore(Arc<Shared>);

struct Shared {
    world: Arc<World>,
    links: Links,
    poll: Duration,
    keep: u64,
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").finish_non_exhaustive()
    }
}

impl PostgresStore {
    /// The store of the server at an address. It is dialled when something is asked of it.
    ///
    /// # Errors
    ///
    /// As for [`PostgresConfig::check`].
    pub fn new<N: Net>(world: N, server: SocketAddr, config: PostgresConfig) -> Result<Self, String>
    where
        N::Task: Send + Sync + 'static,
    {
        let net = world.clone();
        let dial = move || {
            let net = net.clone();
            async move { net.dial(server).await }
        };
        Self::over(world, dial, config)
    }

    /// The store of the server at the other end of a stream, of which there may be several.
    ///
    /// # Errors
    ///
    /// As for [`PostgresConfig::check`].
    pub fn over<R, S, F>(
        world: R,
        dial: impl Fn() -> F + Send + Sync + 'static,
        config: PostgresConfig,
    ) -> Result<Self, String>
    where
        R: Runtime<Task: Send + Sync + 'static>,
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
        F: Future<Output = io::Result<S>> + Send + 'static,
    {
        config.check()?;
        let dial = move || -> BoxFuture<_> {
            let dialled = dial();
            Box::pin(async move { Ok(Box::new(dialled.await?) as Box<dyn Duplex>) })
        };
        let world = Arc::new(World::new(world, dial));
        let (poll, keep) = (config.poll, config.keep);
        Ok(Self(Arc::new(Shared {
            links: Links::new(Arc::clone(&world), config),
            world,
            poll,
            keep,
        })))
    }
}

/// Ends a transaction that has written nothing, and gives its connection back. Where that fails, nothing
/// is lost but the connection.
async fn leave(lease: Lease<'_>) {
    if lease.client().batch_execute("ROLLBACK").await.is_ok() {
        lease.give_back();
    }
}

/// Whether a connection is good for others after this.
fn is_answer<T>(found: &Result<T, StoreError>) -> bool {
    matches!(found, Ok(_) | Err(StoreError::Conflict | StoreError::Compacted))
}

impl Shared {
    async fn read(&self, query: Query) -> Result<View, StoreError> {
        let lease = self.links.lease().await?;
        let session = Session::begin(lease.client(), sql::READ).await?;
        let found = session.view(&query).await;
        if is_answer(&found) {
            leave(lease).await;
        }
        found
    }

    async fn commit(&self, commit: Commit) -> Result<Revision, StoreError> {
        commit.check()?;
        let lease = self.links.lease().await?;
        let session = Session::begin(lease.client(), sql::WRITE).await?;
        let checked = session.check(&commit.given).await;
        let checked = checked.map(|()| session.revision);
        if checked.is_err() || commit.writes.is_empty() {
            if is_answer(&checked) {
                leave(lease).await;
            }
            return checked;
        }
        let revision = session.write(&commit.writes, self.keep).await?;
        finish(lease).await?;
        Ok(revision)
    }

    async fn forget(&self, through: Revision) -> Result<(), StoreError> {
        let lease = self.links.lease().await?;
        let session = Session::begin(lease.client(), sql::WRITE).await?;
        session.forget(through).await?;
        finish(lease).await
    }

    async fn changes(&self, after: Revision) -> Result<Vec<Change>, StoreError> {
        loop {
            let lease = self.links.lease().await?;
            let session = Session::begin(lease.client(), sql::READ).await?;
            let found = session.changes(after).await;
            if is_answer(&found) {
                leave(lease).await;
            }
            match found {
                Ok(changes) if changes.is_empty() => self.world.sleep(self.poll).await,
                found => return found,
            }
        }
    }
}

/// Commits. From the moment that this is sent until it is answered, nobody here knows.
async fn finish(lease: Lease<'_>) -> Result<(), StoreError> {
    lease.client().batch_execute("COMMIT").await.map_err(unknown)?;
    lease.give_back();
    Ok(())
}

impl Store for PostgresStore {
    fn read(&self, query: Query) -> BoxFuture<Result<View, StoreError>> {
        let shared = Arc::clone(&self.0);
        Box::pin(async move { shared.read(query).await })
    }

    fn commit(&self, commit: Commit) -> BoxFuture<Result<Revision, StoreError>> {
        let shared = Arc::clone(&self.0);
        Box::pin(async move { shared.commit(commit).await })
    }

    fn changes(&self, after: Revision) -> BoxFuture<Result<Vec<Change>, StoreError>> {
        let shared = Arc::clone(&self.0);
        Box::pin(async move { shared.changes(after).await })
    }

    fn forget(&self, through: Revision) -> BoxFuture<Result<(), StoreError>> {
        let shared = Arc::clone(&self.0);
        Box::pin(async move { shared.forget(through).await })
    }
}
