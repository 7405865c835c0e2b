use std::sync::Arc;

use cascadia_patterns::call::BoxFuture;
use cascadia_patterns::messaging::Delivery;
use cascadia_patterns::messaging::consumer::Fault;
use cascadia_patterns::messaging::outbox::{Outbox, Relay, Relaying};
use cascadia_patterns::saga::choreography::{Event, Happened};
use cascadia_patterns::saga::orchestrator::Sight;
use cascadia_patterns::saga::state::Phase;
use cascadia_patterns::store::{Key, Query, Range, Store, StoreError, Transaction, Watch};
use cascadia_sim_core::Local;

use super::hub::Hub;
use super::plan::EventsPlan;
use crate::broker::{Listener, Remote, Sealed};
use crate::component::{Body, Component, Death, Envelope, Life, Rows};
use crate::exchange::{Answer, Content, Exchange, Status, failed};
use crate::saga::id::id_of;
use crate::saga::table::Table;
use crate::saga::waiting::Waiting;
use crate::tcp::Host;

/// A place where sagas are begun that nobody drives.
pub(super) struct Front {
    plan: Arc<EventsPlan>,
    state: Local<State>,
    waiting: Waiting,
}

#[derive(Default)]
struct State {
    /// Nothing while it is down.
    alive: Option<Alive>,
    begun: u64,
    heard: u64,
}

/// What it has in one life.
struct Alive {
    remote: Arc<Remote>,
    desk: Arc<Desk>,
    _listener: Listener,
    _relaying: Relaying<Host>,
}

/// Where sagas begin, and where their ends are known.
struct Desk {
    plan: Arc<EventsPlan>,
    hub: Arc<Hub>,
    store: Arc<dyn Store>,
    outbox: Outbox,
    life: Life,
}

const BEGUN: &[u8] = b"begun/";
const ENDED: &[u8] = b"ended/";

impl Front {
    pub(super) fn new(plan: &Arc<EventsPlan>) -> Self {
        Self { plan: Arc::clone(plan), state: Local::default(), waiting: Waiting::default() }
    }

    fn open(self: &Arc<Self>, life: Life) -> Alive {
        let plan = &self.plan;
        let hub = life.common::<Hub>(&plan.name).expect("sagas have a hub in common");
        let remote = Remote::open(&life, &plan.broker).expect("brokers of a plan are resolved");
        let store: Arc<dyn Store> = Arc::new(Table {
            rows: hub.rows.clone(),
            witness: Arc::clone(&hub.witness),
            sights: Arc::new(|commits| {
                let keys = commits.iter().flat_map(|commit| commit.writes.keys());
                let begun = keys.filter_map(|key| key.strip_prefix(BEGUN));
                let id = |key: &[u8]| String::from_utf8_lossy(key).into_owned().into();
                let sights = begun.map(|key| (id(key), Sight::Live)).collect();
                Box::new(move || sights)
            }),
            life: life.clone(),
            write: plan.write,
            spoil: life.ground.spoil(),
        });
        let [mut writes, mut relays, hears] =
            ["outbox", "relay", "subscriber"].map(|what| life.stream(what));
        let (config, broker) = (plan.outbox.clone(), Arc::new(Sealed::new(&remote)));
        let relay = Relay::new(config, life.host(), &mut relays, Arc::clone(&store), broker);
        let relay = relay.expect("what a broker cannot do is refused with the plan");
        let outbox = Outbox::new(plan.outbox.prefix.clone(), &mut writes);
        let desk = Arc::new(Desk { plan: Arc::clone(plan), hub, store, outbox, life });
        let (own, front) = (Arc::clone(&desk), Arc::downgrade(self));
        let hear = move |delivery: Delivery| -> BoxFuture<Result<bool, Fault>> {
            let (desk, front) = (Arc::clone(&own), front.clone());
            Box::pin(async move {
                desk.hear(&delivery).await?;
                front.upgrade().iter().for_each(|front| front.state.borrow_mut().heard += 1);
                Ok(false)
            })
        };
        let listener = Listener::new(&remote, plan.config.clone(), hears, Arc::new(hear));
        Alive { remote, desk, _listener: listener, _relaying: Relaying::start(relay) }
    }

    fn ask(self: &Arc<Self>, exchange: Arc<Exchange>) {
        let desk = {
            let state = &mut *self.state.borrow_mut();
            let Some(alive) = &state.alive else { return };
            self.waiting.wait(&exchange);
            Arc::clone(&alive.desk)
        };
        exchange.begin();
        let front = Arc::clone(self);
        desk.life.clone().spawn(async move {
            let id = id_of(exchange.request.key);
            let id = id.as_str();
            let answer = match desk.begin(id).await {
                Ok(is_new) => {
                    front.state.borrow_mut().begun += u64::from(is_new);
                    desk.ended(id).await
                }
                Err(_) => failed(Status::UNAVAILABLE),
            };
            drop(desk);
            front.waiting.answer(&exchange, answer);
        });
    }
}

impl Desk {
    /// Begins a saga, once for all tries of a request. Whether this is the first.
    async fn begin(&self, id: &str) -> Result<bool, StoreError> {
        let row = [BEGUN, id.as_bytes()].concat();
        loop {
            let mut transaction = Transaction::begin(&self.store);
            if transaction.get(row.clone()).await?.is_some() {
                return Ok(false);
            }
            transaction.put(row.clone(), "");
            self.plan.score.begin(&self.outbox, &mut transaction, id, "").await?;
            match transaction.commit().await {
                Err(StoreError::Conflict) => {}
                begun => {
                    begun?;
                    let (happened, input) = (Happened::Begun, "".into());
                    let event = Event { saga: id.into(), happened, input, outputs: Vec::new() };
                    self.hub.heard(&event, self.life.now());
                    return Ok(true);
                }
            }
        }
    }

    /// An event comes, which may be the last of its saga.
    async fn hear(&self, delivery: &Delivery) -> Result<(), Fault> {
        let event = Event::decode(delivery.message.bytes());
        let event = event.map_err(|error| Fault::poison(error.to_string()))?;
        let Some(phase) = self.hub.heard(&event, self.life.now()) else { return Ok(()) };
        let row = ended(event.saga.as_str());
        let mut transaction = Transaction::begin(&self.store);
        let again = |error: StoreError| Fault::again(error.to_string());
        if transaction.get(row.clone()).await.map_err(again)?.is_none() {
            transaction.put(row, [u8::from(phase == Phase::Completed)]);
            transaction.commit().await.map_err(again)?;
        }
        Ok(())
    }

    /// Waits for the end of a saga.
    async fn ended(&self, id: &str) -> Answer {
        let from = ended(id);
        let row = Range::only(from.clone());
        loop {
            let Ok(seen) = self.store.read(Query::new()).await else { break };
            match self.store.get(from.clone()).await {
                Ok(Some(row)) if row.value == [1] => return Ok(Content::default()),
                Ok(Some(_)) => return failed(Status::CONFLICT),
                Ok(None) => {}
                Err(_) => break,
            }
            // Where changes are forgotten, it is looked at again.
            let _ = Watch::new(&self.store, row.clone(), seen.revision).next().await;
        }
        failed(Status::UNAVAILABLE)
    }
}

fn ended(id: &str) -> Key {
    [ENDED, id.as_bytes()].concat()
}

impl Component for Front {
    fn boot(self: Arc<Self>, life: Life) {
        let alive = self.open(life);
        self.state.borrow_mut().alive = Some(alive);
    }

    fn receive(self: Arc<Self>, Envelope { from, body, .. }: Envelope) {
        let remote = self.state.borrow_mut().alive.as_ref().map(|it| Arc::clone(&it.remote));
        match (body, remote) {
            (Body::Request(exchange), _) => self.ask(exchange),
            (Body::Message(word), Some(remote)) => remote.hear_message(word),
            (Body::Reset, Some(remote)) => remote.reset(from),
            _ => {}
        }
    }

    fn end(&self, death: Death) {
        let ended = self.state.borrow_mut().alive.take();
        if let (Death::Process, Some(Alive { remote, .. })) = (death, &ended) {
            remote.connections().iter().for_each(|connection| connection.reset());
        }
        // Its tasks may look here.
        drop(ended);
    }

    fn ended(&self, death: Death) {
        self.waiting.end(death);
    }

    fn rows(&self, rows: &mut Rows) {
        let state = self.state.borrow_mut();
        rows.add("begun", state.begun);
        rows.add("heard", state.heard);
    }
}
