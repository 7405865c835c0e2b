mod properties;
mod relay;

use std::sync::Arc;

use super::{Outbox, OutboxConfig, Relay};
use crate::messaging::tests::{Dated, desk, stream};
use crate::messaging::{Broker, Message};
use crate::store::{MemoryStore, Store, StoreError, Transaction};

struct Rig {
    world: Dated,
    desk: Arc<crate::messaging::tests::Desk>,
    store: Arc<dyn Store>,
    outbox: Outbox,
}

impl Rig {
    async fn new(partitions: u32) -> Self {
        let (world, desk) = desk("t", partitions).await;
        let outbox = Outbox::new("o/", &mut stream(7));
        Self { world, desk, store: Arc::new(MemoryStore::new()), outbox }
    }

    fn relay(&self, seed: u64) -> Relay<Dated> {
        self.relay_by(seed, Arc::clone(&self.desk) as Arc<dyn Broker>)
    }

    fn relay_by(&self, seed: u64, broker: Arc<dyn Broker>) -> Relay<Dated> {
        let (config, store) = (OutboxConfig::new("o/"), Arc::clone(&self.store));
        Relay::new(config, self.world, &mut stream(seed), store, broker).unwrap()
    }

    /// A transaction that counts up a row and says so.
    async fn commit(&self, message: Message) -> Result<(), StoreError> {
        let mut transaction = Transaction::begin(&self.store);
        transaction.put("order", "paid");
        self.outbox.add(&mut transaction, "t", message).await?;
        transaction.commit().await.map(drop)
    }
}
