use std::fmt;

use cascadia_patterns::messaging::{BrokerError, Topic};
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, RedisError};
use tokio::sync::Mutex;

use crate::config::RedisConfig;

/// The way to a server: one connection for all that is answered at once, which is dialled anew when it was lost.
pub(crate) struct Link {
    client: Client,
    pub(crate) config: RedisConfig,
    shared: Mutex<Option<MultiplexedConnection>>,
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Link {
    pub(crate) fn new(url: &str, config: RedisConfig) -> Result<Self, BrokerError> {
        let client = Client::open(url);
        let client = client.map_err(|error| BrokerError::Unavailable(error.to_string()))?;
        Ok(Self { client, config, shared: Mutex::default() })
    }

    /// A connection of one's own.
    pub(crate) async fn dial(&self) -> Result<MultiplexedConnection, BrokerError> {
        let patience = Some(self.config.patience);
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(patience)
            .set_response_timeout(patience.map(|patience| patience + self.config.poll));
        let dialled = self.client.get_multiplexed_async_connection_with_config(&config).await;
        dialled.map_err(|error| BrokerError::Unavailable(error.to_string()))
    }

    /// The connection that all share.
    pub(crate) async fn connection(&self) -> Result<MultiplexedConnection, BrokerError> {
        let mut shared = self.shared.lock().await;
        if shared.is_none() {
            *shared = Some(self.dial().await?);
        }
        shared.clone().ok_or(BrokerError::Closed)
    }

    /// After an error, says what it means, and gives up the connection where it is lost.
    pub(crate) async fn failed(
        &self,
        topic: &Topic,
        error: RedisError,
        meaning: fn(&Topic, &RedisError) -> BrokerError,
    ) -> BrokerError {
        if error.is_unrecoverable_error() || error.is_timeout() {
            *self.shared.lock().await = None;
        }
        meaning(topic, &error)
    }

    pub(crate) async fn subscriber(&self) -> Result<redis::aio::PubSub, BrokerError> {
        let dialled = tokio::time::timeout(self.config.patience, self.client.get_async_pubsub());
        let dialled = dialled.await.map_err(|late| BrokerError::Unavailable(late.to_string()))?;
        dialled.map_err(|error| BrokerError::Unavailable(error.to_string()))
    }

    pub(crate) fn key(&self, topic: &Topic) -> String {
        format!("{}{topic}", self.config.prefix)
    }

    pub(crate) fn settings(&self, topic: &Topic) -> String {
        format!("{}{topic}:settings", self.config.prefix)
    }
}
