use std::fmt;
use std::future::ready;
use std::time::Duration;

use async_nats::jetstream::{self, Context};
use async_nats::{ConnectOptions, Event};
use cascadia_patterns::messaging::BrokerError;
use tokio::sync::{Mutex, watch};

use crate::config::NatsConfig;
use crate::error::unavailable;

/// How long after a lost connection, or one that was refused, the next one is dialled.
const REDIAL: Duration = Duration::from_millis(100);

/// The way to a server: one connection, which the client dials anew when it is lost.
pub(crate) struct Link {
    address: String,
    pub(crate) config: NatsConfig,
    context: Mutex<Option<Context>>,
    /// How many connections were lost.
    lost: watch::Sender<u64>,
}

/// Which of a client's connections something was delivered over.
#[derive(Clone, Debug)]
pub(crate) struct Life {
    lost: watch::Receiver<u64>,
    number: u64,
}

impl Life {
    /// Whether that connection was lost. The server may have forgotten what it had delivered, and answers all the same.
    pub(crate) fn is_over(&self) -> bool {
        *self.lost.borrow() != self.number
    }

    /// Waits until it is. Whoever has asked for messages waits for them no longer: they would come over the next connection,
    /// or not at all.
    pub(crate) async fn over(&self) {
        // Without its link, it is over, too.
        drop(self.lost.clone().wait_for(|lost| *lost != self.number).await);
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Link {
    pub(crate) fn new(address: &str, config: NatsConfig) -> Self {
        Self {
            address: address.to_owned(),
            config,
            context: Mutex::default(),
            lost: watch::Sender::default(),
        }
    }

    pub(crate) async fn context(&self) -> Result<Context, BrokerError> {
        let mut context = self.context.lock().await;
        if context.is_none() {
            let lost = self.lost.clone();
            let options = ConnectOptions::new()
                .event_callback(move |event| {
                    if matches!(event, Event::Disconnected | Event::Closed) {
                        lost.send_modify(|lost| *lost += 1);
                    }
                    ready(())
                })
                .connection_timeout(self.config.patience)
                .request_timeout(Some(self.config.patience))
                .reconnect_delay_callback(|_| REDIAL);
            let client = options.connect(&self.address).await.map_err(unavailable)?;
            let mut fresh = jetstream::new(client);
            fresh.set_timeout(self.config.patience);
            *context = Some(fresh);
        }
        context.clone().ok_or(BrokerError::Closed)
    }

    pub(crate) fn life(&self) -> Life {
        let lost = self.lost.subscribe();
        let number = *lost.borrow();
        Life { lost, number }
    }
}
