use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::messaging::Bytes;
use cascadia_patterns::messaging::outbox::{
    Added, Outbox, OutboxConfig, ReadFrom, Relay, Relaying,
};
use cascadia_patterns::store::{Range, Store, StoreError, Transaction, Watch};
use cascadia_runtime::Stream;

use super::client::{Remote, RemoteBroker};
use super::hub::Pending;
use super::posting::Posting;
use super::spot::Spot;
use crate::plan::PublishPlan;
use crate::tcp::Host;

/// How long it waits to look again where the store does not tell of changes any more.
const REST: Duration = Duration::from_secs(1);

/// The outbox of a store for a broker, and who relays it, in one life of a replica. Dropped, nothing is
/// relayed any more.
pub(crate) struct Outgoing {
    remote: Arc<Remote>,
    outbox: Arc<Outbox>,
    _relaying: Relaying<Host>,
}

/// A message in a transaction that has not committed.
pub(crate) struct Staged {
    spot: Spot,
    added: Added,
    body: Option<Bytes>,
}

impl Outgoing {
    /// One that is relayed as a plan says.
    pub(crate) fn new(
        remote: &Arc<Remote>,
        plan: &OutboxConfig,
        store: &Arc<dyn Store>,
        [mut writes, mut relays]: [Stream; 2],
    ) -> Self {
        let prefix = [&plan.prefix, remote.name().as_bytes(), b"/"].concat();
        let config = OutboxConfig { prefix: prefix.clone(), ..plan.clone() };
        let broker = Arc::new(RemoteBroker(Arc::clone(remote)));
        let host = remote.life.host();
        let relay = Relay::new(config, host, &mut relays, Arc::clone(store), broker);
        let relay = relay.expect("what a broker cannot do is refused with the plan");
        let outbox = Arc::new(Outbox::new(prefix.clone(), &mut writes));
        if plan.reads == ReadFrom::Last {
            let (remote, outbox, store) =
                (Arc::clone(remote), Arc::clone(&outbox), Arc::clone(store));
            remote.life.clone().spawn(let_go(remote, outbox, store, Range::prefix(prefix)));
        }
        let _relaying = Relaying::start(relay);
        Self { remote: Arc::clone(remote), outbox, _relaying }
    }

    /// The name of the broker.
    pub(crate) fn name(&self) -> &str {
        self.remote.name()
    }

    /// Has a message published if a transaction commits.
    pub(crate) async fn add(
        &self,
        transaction: &mut Transaction,
        plan: &PublishPlan,
        posting: Posting,
    ) -> Result<Staged, StoreError> {
        let (spot, message) = posting.begin(&self.remote, plan);
        let body = message.body.clone();
        let added = self.outbox.add(transaction, plan.topic.clone(), message).await?;
        Ok(Staged { spot, added, body })
    }

    /// The transaction has committed: the message is there.
    pub(crate) fn committed(&self, Staged { spot, added, body }: Staged) {
        let hub = &self.remote.hub;
        if let Some(body) = body {
            let of = self.remote.life.place().id();
            let id = added.id.clone();
            hub.outgoing.borrow_mut().insert(id, Pending { of, added, _body: body });
        }
        hub.witness.borrow_mut().published(spot, true);
    }
}

/// Lets go of the bodies of messages that the relay has gone past, for whoever looks for what is lost.
async fn let_go(remote: Arc<Remote>, outbox: Arc<Outbox>, store: Arc<dyn Store>, rows: Range) {
    let (hub, place) = (&remote.hub, remote.life.place().id());
    loop {
        let now = store.revision().await.unwrap_or_default();
        let mut watch = Watch::new(&store, rows.clone(), now);
        loop {
            let all: Vec<Added> = {
                let outgoing = hub.outgoing.borrow_mut();
                let own = outgoing.values().filter(|it| it.of == place);
                own.map(|it| it.added.clone()).collect()
            };
            hub.gone(&outbox.passed(&store, &all).await.unwrap_or_default());
            if watch.next().await.is_err() {
                break;
            }
        }
        remote.life.sleep(REST).await;
    }
}
