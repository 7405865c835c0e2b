use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cascadia_patterns::store::StoreError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_postgres::{Client, Config, NoTls};

use crate::config::PostgresConfig;
use crate::error::meaning;
use crate::sql;
use crate::world::{Running, World};

/// A connection. Dropped, it is closed.
struct Link {
    client: Client,
    /// Reads and writes its stream. It would wait for answers that never come.
    _driver: Running,
}

/// Connections, of which each has one user at a time.
pub(crate) struct Links {
    world: Arc<World>,
    config: PostgresConfig,
    idle: Mutex<Vec<Link>>,
    permits: Arc<Semaphore>,
    /// Whether the tables are there.
    is_prepared: AtomicBool,
}

/// The use of a connection. Dropped, the connection is closed, unless it was [given back](Self::give_back).
pub(crate) struct Lease<'a> {
    links: &'a Links,
    link: Link,
    _permit: OwnedSemaphorePermit,
}

impl Lease<'_> {
    pub(crate) fn client(&self) -> &Client {
        &self.link.client
    }

    /// It is between transactions, and can be used by others.
    pub(crate) fn give_back(self) {
        self.links.idle().push(self.link);
    }
}

impl Links {
    pub(crate) fn new(world: Arc<World>, config: PostgresConfig) -> Self {
        let permits = Arc::new(Semaphore::new(config.connections));
        Self { world, config, idle: Mutex::default(), permits, is_prepared: AtomicBool::new(false) }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Link>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection, as soon as there is one.
    pub(crate) async fn lease(&self) -> Result<Lease<'_>, StoreError> {
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let permit = permit.map_err(|closed| StoreError::Unavailable(closed.to_string()))?;
        let idle = {
            let mut idle = self.idle();
            idle.retain(|link| !link.client.is_closed());
            idle.pop()
        };
        let link = match idle {
            Some(link) => link,
            None => self.connect().await?,
        };
        Ok(Lease { links: self, link, _permit: permit })
    }

    async fn connect(&self) -> Result<Link, StoreError> {
        let dialled = self.world.dial().await;
        let stream = dialled.map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let mut login = Config::new();
        login.user(&self.config.user).dbname(&self.config.database);
        if let Some(password) = &self.config.password {
            login.password(password);
        }
        let (client, connection) = login.connect_raw(stream, NoTls).await.map_err(meaning)?;
        // What it ends with, its user is told as well.
        let driver = self.world.spawn(Box::pin(async move { drop(connection.await) }));
        let link = Link { client, _driver: driver };
        link.client.batch_execute(&sql::session(&self.config)).await.map_err(meaning)?;
        if !self.is_prepared.load(Ordering::Relaxed) {
            link.client.batch_execute(&sql::tables(&self.config.schema)).await.map_err(meaning)?;
            self.is_prepared.store(true, Ordering::Relaxed);
        }
        Ok(link)
    }
}
