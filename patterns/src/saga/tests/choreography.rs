//! Members that are killed, over a broker that loses answers: each saga completes or goes back, and a trace of its events says so.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use cascadia_runtime::{Runtime, Stream};

use super::world::{Flaw, Traced, did, quick};
use crate::messaging::consumer::{Consumer, ConsumerConfig};
use crate::messaging::outbox::{Outbox, OutboxConfig, Relay, Relaying};
use crate::messaging::tests::{Dated, Flaky, Rates, cases, desk, run, stream};
use crate::messaging::{Broker, Delivery, Start, Subscription};
use crate::saga::choreography::{Event, Happened, Member, NeedsOrchestrator, Score, Trace};
use crate::saga::definition::{Definition, Step, Steps};
use crate::saga::participant::Ledger;
use crate::saga::state::Phase;
use crate::saga::{Direction, Fault, SagaId};
use crate::store::{MemoryStore, Store, Transaction};
use crate::testing::ms;

const NAMES: [&str; 4] = ["inventory", "courier", "payment", "shop"];
const STEPS: [&str; 4] = ["reserve", "book", "charge", "confirm"];

/// With rests that are short enough for all of them to be over in the end.
fn quick_order() -> Arc<Definition> {
    let steps = Steps::new("order", 1)
        .then(quick(Step::compensatable("reserve", "inventory")))
        .then(quick(Step::compensatable("book", "courier")))
        .then(quick(Step::pivot("charge", "payment")))
        .then(quick(Step::retriable("confirm", "shop")));
    steps.build().unwrap()
}

struct Place {
    name: &'static str,
    store: Arc<dyn Store>,
    _parts: Option<(Consumer, Relaying<Dated>)>,
}

fn subscription(group: &str) -> Subscription {
    let start = Start::Earliest;
    Subscription { start, ack_wait: ms(300), attempts: None, ..Subscription::new("t", group) }
}

impl Place {
    /// It begins to live, or dies and begins anew.
    fn live(&mut self, world: Dated, broker: &Arc<dyn Broker>, seed: u64, rates: (f64, f64)) {
        self._parts = None;
        let mut own = stream(seed);
        let effects = Traced {
            store: Arc::clone(&self.store),
            draws: Arc::new(Mutex::new(stream(seed + 1))),
            refuses: rates.0,
            fails: rates.1,
            contention: None,
            flaw: Flaw::None,
        };
        let kept = (Arc::clone(&self.store), Ledger::new("l/"), Outbox::new("o/", &mut own));
        let score = Score::new(quick_order(), "t").unwrap();
        let member = Member::new(score, self.name, kept, effects);
        let config =
            ConsumerConfig { concurrency: 3, ..ConsumerConfig::new(subscription(self.name)) };
        let broker = || Arc::clone(broker);
        let consumer = Consumer::start(config, world, stream(seed + 2), broker(), member).unwrap();
        let config = OutboxConfig {
            lease: ms(300),
            skew: ms(1),
            timeout: ms(100),
            query_delay: ms(50),
            ..OutboxConfig::new("o/")
        };
        let store = Arc::clone(&self.store);
        let relay = Relay::new(config, world, &mut own, store, broker()).unwrap();
        self._parts = Some((consumer, Relaying::start(relay)));
    }
}

/// Somebody who only watches.
fn watch(world: Dated, broker: Arc<dyn Broker>, trace: &Arc<Mutex<Trace>>) -> Consumer {
    let own = Arc::clone(trace);
    let handler = move |delivery: Delivery| {
        let event = Event::decode(delivery.message.bytes()).unwrap();
        own.lock().unwrap().on_event(&event, world.wall());
        std::future::ready(Ok(()))
    };
    let config = ConsumerConfig::new(subscription("watch"));
    Consumer::start(config, world, stream(3), broker, handler).unwrap()
}

async fn world(seed: u64) -> [u64; 2] {
    let (world, desk) = desk("t", 2).await;
    let mut draws = Stream::from_seed(seed);
    let mut rate = |most: f64| most * draws.unit();
    let rates = Rates { refused: rate(0.3), unanswered: rate(0.3), lost: rate(0.3), delay: ms(20) };
    let shares = (rate(0.3), rate(0.3));
    let desk = Arc::clone(&desk) as Arc<dyn Broker>;
    let flaky = Flaky::new(world, Arc::clone(&desk), stream(seed + 1), rates);
    let broker = Arc::clone(&flaky) as Arc<dyn Broker>;
    let mut places =
        NAMES.map(|name| Place { name, store: Arc::new(MemoryStore::new()), _parts: None });
    for (number, place) in (0..).zip(&mut places) {
        place.live(world, &broker, seed * 64 + number * 8, shares);
    }
    let score = Score::new(quick_order(), "t").unwrap();
    let trace = Arc::new(Mutex::new(Trace::new(score.clone())));
    let _watching = watch(world, desk, &trace);
    let outbox = Outbox::new("o/", &mut draws);
    let sagas: Vec<SagaId> = (0..4).map(|it: u64| it.to_string().into()).collect();
    for id in &sagas {
        let mut transaction = Transaction::begin(&places[3].store);
        score.begin(&outbox, &mut transaction, id.clone(), "a book").await.unwrap();
        transaction.commit().await.unwrap();
    }
    for life in 0..draws.below(8) {
        tokio::time::sleep(ms(draws.below(200))).await;
        let which = draws.below(4);
        places[which as usize].live(world, &broker, seed * 64 + 1_000 * life + which * 8, shares);
    }
    flaky.becomes(Rates::default());
    tokio::time::sleep(Duration::from_secs(60)).await;

    let phase_of = |id| trace.lock().unwrap().phase(id).unwrap();
    let mut ends = [0; 2];
    for id in &sagas {
        let phase = phase_of(id);
        ends[usize::from(phase == Phase::Compensated)] += 1;
        for (place, step) in places.iter().zip(STEPS) {
            let what = did(&*place.store, id.as_str(), step).await;
            match phase {
                Phase::Completed => assert_eq!(what, "d", "seed {seed}, {id}/{step}"),
                Phase::Compensated => {
                    assert!(["", "du"].contains(&&*what), "seed {seed}, {id}/{step}: {what}");
                }
                phase => panic!("seed {seed}: {id} stands still at {phase:?}, {step}: {what}"),
            }
        }
    }
    assert_eq!(trace.lock().unwrap().forget(), sagas.len());
    ends
}

#[test]
fn by_events_a_saga_is_done_or_undone_as_well() {
    let mut ends = [0; 2];
    for seed in 0..cases(60) {
        let ended = run(world(seed));
        (0..2).for_each(|at| ends[at] += ended[at]);
    }
    assert!(ends.iter().all(|times| *times > 20), "{ends:?}");
}

#[test]
fn what_follows_what_is_a_line_there_and_back() {
    let score = Score::new(quick_order(), "t").unwrap();
    let refused = |step| Happened::Refused(step, Fault::new("no", ""));
    let follows = |happened| score.follows(&happened);
    assert_eq!(follows(Happened::Begun), Some((0, Direction::Do)));
    assert_eq!(follows(Happened::Done(2)), Some((3, Direction::Do)));
    assert_eq!(follows(Happened::Done(3)), None);
    assert_eq!(follows(refused(2)), Some((1, Direction::Undo)));
    assert_eq!(follows(Happened::Undone(1)), Some((0, Direction::Undo)));
    assert_eq!((follows(Happened::Undone(0)), follows(refused(0))), (None, None));
}

#[test]
fn what_needs_somebody_who_sees_all_is_refused() {
    let of = |steps: Steps| Score::new(steps.build().unwrap(), "t").err();
    let step = |name| Step::compensatable(name, "p");
    let saga = || Steps::new("order", 1);
    let together = saga().together([step("a"), step("b")]);
    assert_eq!(of(together), Some(NeedsOrchestrator::Together));
    assert_eq!(of(saga().then(step("a")).timeout(ms(1))), Some(NeedsOrchestrator::Waits));
    let locks = Step { locks: true, ..step("a") };
    assert_eq!(of(saga().then(locks)), Some(NeedsOrchestrator::Locks));
}

/// † An event that is lost is a saga that stands still. Here that is told.
#[test]
fn a_saga_that_stands_still_is_told() {
    let mut trace = Trace::new(Score::new(quick_order(), "t").unwrap());
    let event = |saga: &str, happened| Event {
        saga: saga.into(),
        happened,
        input: "".into(),
        outputs: Vec::new(),
    };
    let day = super::scripted::day();
    trace.on_event(&event("a", Happened::Done(0)), day);
    trace.on_event(&event("b", Happened::Refused(0, Fault::new("no", ""))), day);
    let silent = |trace: &Trace, after| -> Vec<String> {
        trace.silent(day + ms(after), ms(1_000)).map(ToString::to_string).collect()
    };
    assert!(silent(&trace, 999).is_empty());
    assert_eq!(silent(&trace, 1_000), ["a"]);
    trace.on_event(&event("a", Happened::Begun), day + ms(500));
    assert!(silent(&trace, 1_000).is_empty(), "it was heard of, late as it was");
}

/// † Whoever does a step twice, with two ends, has a saga go both ways.
#[test]
fn a_saga_that_goes_both_ways_is_told() {
    let refused = |step| Happened::Refused(step, Fault::new("no", ""));
    let ways = [
        ("there", vec![Happened::Begun, Happened::Done(0), Happened::Done(1)]),
        ("back", vec![Happened::Undone(0), refused(1), Happened::Done(0)]),
        ("both ways", vec![Happened::Done(1), refused(1)]),
        ("refused twice", vec![refused(1), refused(2)]),
        ("undone too much", vec![refused(1), Happened::Undone(1)]),
    ];
    let mut trace = Trace::new(Score::new(quick_order(), "t").unwrap());
    for (saga, events) in ways {
        for happened in events {
            let event =
                Event { saga: saga.into(), happened, input: "".into(), outputs: Vec::new() };
            trace.on_event(&event, super::scripted::day());
        }
    }
    let astray: Vec<_> = trace.astray().map(SagaId::as_str).collect();
    assert_eq!(astray, ["both ways", "refused twice", "undone too much"]);
}
