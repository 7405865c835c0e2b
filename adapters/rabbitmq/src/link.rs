use std::fmt;

use cascadia_brokers::invalid;
use cascadia_patterns::messaging::{BrokerError, Group, Topic};
use lapin::options::ConfirmSelectOptions;
use lapin::types::ShortString;
use lapin::{Channel, Connection, ConnectionProperties};
use tokio::sync::Mutex;

use crate::config::RabbitConfig;
use crate::error::unavailable;

/// The way to a server: a connection, and the channel of it that is published over, both made anew when they were lost.
pub(crate) struct Link {
    url: String,
    pub(crate) config: RabbitConfig,
    lines: Mutex<Lines>,
}

#[derive(Default)]
struct Lines {
    connection: Option<Connection>,
    publishing: Option<Channel>,
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Lines {
    async fn channel(&mut self, url: &str) -> lapin::Result<Channel> {
        if let Some(connection) = self.connection.as_ref().filter(|it| it.status().connected()) {
            return connection.create_channel().await;
        }
        let connection = Connection::connect(url, ConnectionProperties::default()).await?;
        self.connection.insert(connection).create_channel().await
    }
}

impl Link {
    pub(crate) fn new(url: &str, config: RabbitConfig) -> Self {
        Self { url: url.to_owned(), config, lines: Mutex::default() }
    }

    /// A channel of one's own. It is closed by the server when something is wrong with what it is asked.
    pub(crate) async fn channel(&self) -> Result<Channel, BrokerError> {
        let mut lines = self.lines.lock().await;
        let made = tokio::time::timeout(self.config.patience, lines.channel(&self.url));
        let made = made.await.map_err(unavailable)?.map_err(unavailable);
        if made.is_err() {
            lines.connection = None;
        }
        made
    }

    /// The channel that all publish over, with confirmations.
    pub(crate) async fn publishing(&self) -> Result<Channel, BrokerError> {
        let known = self.lines.lock().await.publishing.clone();
        if let Some(known) = known.filter(|channel| channel.status().connected()) {
            return Ok(known);
        }
        let channel = self.channel().await?;
        channel.confirm_select(ConfirmSelectOptions::default()).await.map_err(unavailable)?;
        self.lines.lock().await.publishing = Some(channel.clone());
        Ok(channel)
    }

    pub(crate) fn exchange(&self, topic: &Topic) -> Result<ShortString, BrokerError> {
        let name = ShortString::try_new(format!("{}{topic}", self.config.prefix));
        name.map_err(|_| invalid("topic", "must be at most 255 bytes, with the prefix"))
    }

    pub(crate) fn queue(&self, topic: &Topic, group: &Group) -> Result<ShortString, BrokerError> {
        let name = ShortString::try_new(format!("{}{topic}.{group}", self.config.prefix));
        name.map_err(|_| {
            invalid("group", "must be at most 255 bytes, with its topic and the prefix")
        })
    }
}
