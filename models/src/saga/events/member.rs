use std::sync::Arc;

use cascadia_patterns::call::BoxFuture;
use cascadia_patterns::messaging::Delivery;
use cascadia_patterns::messaging::consumer::{Fault, Handler as _};
use cascadia_patterns::messaging::outbox::{Outbox, Relay, Relaying};
use cascadia_patterns::saga::choreography;
use cascadia_patterns::saga::participant::{Ledger, Turn};
use cascadia_patterns::store::Store;
use cascadia_runtime::Stream;

use super::books::Books;
use super::hub::Hub;
use super::part::{Part, Tools};
use crate::broker::{Listener, Remote, Sealed};
use crate::plan::MemberPlan;
use crate::tcp::Host;

/// What a replica has of sagas that go by events, in one life. Dropped, it takes part no more.
pub(crate) struct Member {
    listener: Listener,
    _relaying: Relaying<Host>,
}

impl Member {
    /// One that does its steps as a plan says: the one that runs in production where an endpoint does everything once.
    pub(crate) fn new(
        remote: &Arc<Remote>,
        plan: &Arc<MemberPlan>,
        tools: Tools,
        [mut writes, mut relays, hears]: [Stream; 3],
    ) -> Self {
        let hub = remote.life.common::<Hub>(&plan.saga).expect("sagas have a hub in common");
        let books = Books::new(
            tools.rows.clone(),
            Arc::clone(&hub.witness),
            (&tools.ledgers, &remote.life),
        );
        let books = Arc::new(books);
        let store: Arc<dyn Store> = Arc::clone(&books) as _;
        let sealed = Sealed::new(remote);
        let (config, host, broker) = (plan.outbox.clone(), remote.life.host(), sealed.clone());
        let relay = Relay::new(config, host, &mut relays, Arc::clone(&store), Arc::new(broker));
        let relay = relay.expect("what a broker cannot do is refused with the plan");
        let part = Arc::new(Part { plan: Arc::clone(plan), hub, books, sealed, tools });
        let own = Arc::clone(&part);
        let effects = move |turn: Turn| Arc::clone(&own).play(turn);
        let outbox = Outbox::new(plan.outbox.prefix.clone(), &mut writes);
        let kept = (store, Ledger::new("known/"), outbox);
        let once = choreography::Member::new(plan.score.clone(), &*plan.service, kept, effects);
        let hear = move |delivery: Delivery| -> BoxFuture<Result<bool, Fault>> {
            let (part, once) = (Arc::clone(&part), once.clone());
            Box::pin(async move {
                let Some(cue) = part.cue(&delivery)? else { return Ok(false) };
                if !part.is_once(&cue) {
                    return part.play_again(cue, delivery.attempt).await;
                }
                let was_done = part.was_done(&cue);
                once.handle(delivery).await?;
                Ok(!was_done && part.was_done(&cue))
            })
        };
        let listener = Listener::new(remote, plan.config.clone(), hears, Arc::new(hear));
        Self { listener, _relaying: Relaying::start(relay) }
    }

    /// Takes nothing more, and ends what it has.
    pub(crate) async fn drain(self) {
        self.listener.drain().await;
    }
}
