use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use cascadia_runtime::Stream;

use super::scripted::order;
use super::world::quick;
use crate::messaging::Bytes;
use crate::messaging::tests::{Dated, run};
use crate::saga::definition::{Definition, Step, Steps};
use crate::saga::orchestrator::{Cast, Orchestrator, OrchestratorConfig, SagaError, forget};
use crate::saga::participant::{Contention, Ledger, Local, Turn};
use crate::saga::state::Phase;
use crate::saga::suite::Skewed;
use crate::saga::{Command, Direction, Epoch, Fault, Order, Outcome};
use crate::store::{MemoryStore, Range, Revision, Store, StoreError};
use crate::testing::ms;

fn answer(outcome: Outcome) -> impl Fn(Command) -> std::future::Ready<Outcome> + Send + Sync {
    move |_| std::future::ready(outcome.clone())
}

fn done() -> Outcome {
    Outcome::Done(Bytes::from("ok"))
}

/// Everybody says yes to everything.
pub(super) fn willing() -> Cast {
    ["inventory", "courier", "payment", "shop"]
        .into_iter()
        .fold(Cast::new(), |cast, name| cast.participant(name, answer(done())))
}

fn config() -> OrchestratorConfig {
    OrchestratorConfig {
        lease: ms(3_000),
        skew: ms(100),
        sweep: ms(100),
        ..OrchestratorConfig::new("s/")
    }
}

pub(super) fn start(store: &Arc<dyn Store>, cast: Cast, seed: u64) -> Orchestrator<Dated> {
    Orchestrator::start(
        config(),
        Dated::new(),
        &mut Stream::from_seed(seed),
        Arc::clone(store),
        cast,
    )
}

pub(super) fn store() -> Arc<dyn Store> {
    Arc::new(MemoryStore::new())
}

/// † Twice is once; about something else it is a mistake.
#[test]
fn a_saga_is_begun_once_by_its_id() {
    run(async {
        let store = store();
        let one = start(&store, willing().definition(order()), 1);
        let other = start(&store, willing().definition(order()), 2);
        assert_eq!(one.begin("7", "order", "a book").await, Ok(true));
        assert_eq!(one.begin("7", "order", "a book").await, Ok(false));
        assert_eq!(other.begin("7", "order", "a book").await, Ok(false));
        let different = other.begin("7", "order", "two books").await;
        assert_eq!(different, Err(SagaError::Different("7".into())));
        let unknown = one.begin("8", "trip", "").await;
        assert_eq!(unknown, Err(SagaError::NoDefinition("trip".into())));
        assert_eq!(other.ended(&"7".into()).await, Ok(Phase::Completed));
        assert_eq!(one.begin("7", "order", "a book").await, Ok(false), "it has ended");
        assert_eq!((one.running(), other.running()), (0, 0), "what has ended is not kept here");
        assert_eq!(one.order(&"7".into(), Order::Cancel).await, Err(SagaError::Ended("7".into())));
        assert_eq!(one.order(&"9".into(), Order::Cancel).await, Err(SagaError::NoSaga("9".into())));
        assert!(one.list(None, 10).await.unwrap().is_empty());
    });
}

/// An old saga ends by the definition that it has begun by, whoever goes on with it.
#[test]
fn definitions_change_while_sagas_run() {
    run(async {
        let (store, first) = (store(), |version, step: &str| -> Arc<Definition> {
            let waits = Step { signal: Some("go".into()), ..Step::retriable(step, "shop") };
            Steps::new("order", version).then(waits).build().unwrap()
        });
        let old = start(&store, willing().definition(first(1, "old")), 1);
        old.begin("7", "order", "").await.unwrap();
        drop(old);
        let both = willing().definition(first(1, "old")).definition(first(2, "new"));
        let new = start(&store, both, 2);
        new.begin("8", "order", "").await.unwrap();
        for (id, step) in [("7", "old"), ("8", "new")] {
            let go = Order::Signal { name: "go".into(), body: Bytes::from("") };
            new.order(&id.into(), go).await.unwrap();
            assert_eq!(new.ended(&id.into()).await, Ok(Phase::Completed));
            let story = new.log(&id.into()).await.unwrap().to_string();
            assert!(story.contains(&format!("{step}: done")), "{story}");
        }
    });
}

/// Of a version that is not known here, nothing is touched.
#[test]
fn a_saga_of_another_version_is_left_alone() {
    run(async {
        let store = store();
        let waits = Step { signal: Some("go".into()), ..Step::retriable("a", "shop") };
        let steps = Steps::new("order", 2).then(waits).build().unwrap();
        drop({
            let new = start(&store, willing().definition(steps), 1);
            new.begin("7", "order", "").await.unwrap();
            new
        });
        let old = start(&store, willing().definition(order()), 2);
        tokio::time::sleep(ms(10_000)).await;
        let standing = old.list(None, 10).await.unwrap();
        assert_eq!((standing[0].epoch, old.running()), (Epoch(1), 0));
        assert!(old.counts().foreign > 0);
    });
}

/// STUCK keeps its saga where an operator finds it, and the operator's order is durable whoever is alive.
#[test]
fn an_operator_finds_what_is_stuck_and_ends_it() {
    run(async {
        let store = store();
        let cast = |payment| {
            let shop = |command: Command| {
                let outcome = match command.direction {
                    Direction::Undo => Outcome::Failed(Fault::new("gone", "")),
                    _ => done(),
                };
                std::future::ready(outcome)
            };
            let steps = Steps::new("order", 1)
                .then(quick(Step::compensatable("reserve", "shop")))
                .then(quick(Step::pivot("charge", "payment")));
            let cast = Cast::new().definition(steps.build().unwrap());
            cast.participant("shop", shop).participant("payment", answer(payment))
        };
        let one = start(&store, cast(Outcome::Refused(Fault::new("declined", ""))), 1);
        one.begin("7", "order", "").await.unwrap();
        let id = "7".into();
        assert_eq!(one.ended(&id).await, Ok(Phase::Stuck(0)));
        tokio::time::sleep(ms(20_000)).await;
        let standing = one.list(None, 10).await.unwrap();
        assert!(standing.len() == 1 && standing[0].is_stuck && one.running() == 0);
        one.order(&id, Order::Retry).await.unwrap();
        tokio::time::sleep(ms(5_000)).await;
        assert_eq!(one.ended(&id).await, Ok(Phase::Stuck(0)));
        one.order(&id, Order::Skip { step: "reserve".into() }).await.unwrap();
        tokio::time::sleep(ms(1_000)).await;
        assert_eq!(one.ended(&id).await, Ok(Phase::Compensated));
        assert_eq!((one.counts().stuck, one.counts().compensated), (2, 1));
    });
}

/// † Eventuate Tram unlocks what a compensation that fails has left. Here it stays locked until an operator has seen to it,
/// by hand or by trying again, and no longer.
#[test]
fn what_is_stuck_keeps_its_lock_until_an_operator_has_seen_to_it() {
    for by_hand in [true, false] {
        run(async {
            let (store, is_gone) = (store(), Arc::new(AtomicU64::new(1)));
            let ill = Arc::clone(&is_gone);
            let inventory = move |mut turn: Turn| {
                let ill = Arc::clone(&ill);
                async move {
                    if turn.direction() == Direction::Undo {
                        return Ok(match ill.load(Ordering::Relaxed) {
                            0 => turn.done(""),
                            _ => turn.fail("gone", ""),
                        });
                    }
                    match turn.lock("stock", Contention::Wait).await? {
                        Some(holder) => Ok(turn.locked(holder, Contention::Wait)),
                        None => Ok(turn.done("")),
                    }
                }
            };
            let inventory = Local::new(Ledger::new("l/"), Arc::clone(&store), inventory);
            let reserve = Step { locks: true, ..Step::compensatable("reserve", "inventory") };
            let steps = Steps::new("order", 1)
                .then(quick(reserve))
                .then(quick(Step::pivot("charge", "payment")));
            let declined = Outcome::Refused(Fault::new("declined", ""));
            let cast = Cast::new().definition(steps.build().unwrap());
            let cast = cast.participant("inventory", inventory);
            let one = start(&store, cast.participant("payment", answer(declined)), 1);
            one.begin("7", "order", "").await.unwrap();
            assert_eq!(one.ended(&"7".into()).await, Ok(Phase::Stuck(0)));
            one.begin("8", "order", "").await.unwrap();
            assert_eq!(one.ended(&"8".into()).await, Ok(Phase::Compensated), "it meets the lock");
            let locked =
                async || store.range(Range::prefix("l/lock/"), 9).await.unwrap().rows.len();
            assert_eq!(locked().await, 1);
            is_gone.store(0, Ordering::Relaxed);
            let skip = Order::Skip { step: "reserve".into() };
            one.order(&"7".into(), if by_hand { skip } else { Order::Retry }).await.unwrap();
            tokio::time::sleep(ms(1_000)).await;
            assert_eq!(one.ended(&"7".into()).await, Ok(Phase::Compensated));
            assert_eq!(locked().await, 0, "by hand: {by_hand}");
        });
    }
}

/// A signal that comes while nobody drives the saga is not lost.
#[test]
fn an_order_waits_for_whoever_takes_the_saga_over() {
    run(async {
        let store = store();
        let waits = Step { signal: Some("paid".into()), ..Step::pivot("charge", "payment") };
        let definition = Steps::new("order", 1).then(waits).build().unwrap();
        let cast = || willing().definition(Arc::clone(&definition));
        let one = start(&store, cast(), 1);
        one.begin("7", "order", "").await.unwrap();
        drop(one);
        let two = start(&store, cast(), 2);
        let paid = Order::Signal { name: "paid".into(), body: Bytes::from("20") };
        two.order(&"7".into(), paid).await.unwrap();
        let log = async || two.log(&"7".into()).await.unwrap();
        assert_eq!(log().await.entries.len(), 1, "its lease is not over");
        assert_eq!(two.ended(&"7".into()).await, Ok(Phase::Completed));
        assert_eq!(two.counts().taken_over, 1);
        assert_eq!(log().await.entries.last().unwrap().epoch, Epoch(2));
    });
}

#[test]
fn only_what_has_ended_is_forgotten_and_then_nothing_is_left() {
    run(async {
        let store = store();
        let waits = Step { signal: Some("go".into()), ..Step::retriable("a", "shop") };
        let definition = Steps::new("order", 1).then(waits).build().unwrap();
        let one = start(&store, willing().definition(definition), 1);
        one.begin("7", "order", "").await.unwrap();
        let id = "7".into();
        assert_eq!(forget(&store, &config(), &id).await, Err(StoreError::Conflict));
        one.order(&id, Order::Signal { name: "go".into(), body: Bytes::from("") }).await.unwrap();
        assert_eq!(one.ended(&id).await, Ok(Phase::Completed));
        forget(&store, &config(), &id).await.unwrap();
        assert_eq!(store.range(Range::all(), 1).await.unwrap().rows, []);
        assert_eq!(one.log(&id).await, Err(SagaError::NoSaga(id.clone())));
        assert_eq!(one.begin("7", "order", "").await, Ok(true), "it is begun anew");
    });
}

/// It need not be given where the saga is driven, and nothing is begun that it forbids.
#[test]
fn an_order_is_heard_before_anything_else_is_written() {
    run(async {
        let store = store();
        let asked = Arc::new(AtomicU64::new(0));
        let steps = Steps::new("order", 1)
            .then(Step::compensatable("reserve", "inventory"))
            .then(Step::pivot("charge", "payment"));
        let definition = steps.build().unwrap();
        let slow = |_: Command| async {
            tokio::time::sleep(ms(100)).await;
            done()
        };
        let own = Arc::clone(&asked);
        let payment = move |_: Command| {
            own.fetch_add(1, Ordering::Relaxed);
            std::future::ready(done())
        };
        let cast = Cast::new()
            .definition(Arc::clone(&definition))
            .participant("inventory", slow)
            .participant("payment", payment);
        let one = start(&store, cast, 1);
        let other = start(&store, willing().definition(definition), 2);
        one.begin("7", "order", "").await.unwrap();
        tokio::time::sleep(ms(50)).await;
        other.order(&"7".into(), Order::Cancel).await.unwrap();
        assert_eq!(one.ended(&"7".into()).await, Ok(Phase::Compensated));
        assert_eq!(asked.load(Ordering::Relaxed), 0, "nobody is charged");
        assert_eq!((other.counts().taken_over, one.counts().lost), (0, 0));
        let left = store.range(Range::prefix("s/mail/"), 1).await.unwrap().rows;
        assert_eq!(left, [], "what was heard is not kept");
    });
}

/// What is written of a saga is what happens to it: one row for what is written together, and its lease only when that is to
/// be renewed.
#[test]
fn a_saga_writes_a_row_for_each_commit_and_its_lease_once() {
    run(async {
        let memory = MemoryStore::new();
        let store: Arc<dyn Store> = Arc::new(memory.clone());
        let one = start(&store, willing().definition(order()), 1);
        one.begin("7", "order", "a book").await.unwrap();
        assert_eq!(one.ended(&"7".into()).await, Ok(Phase::Completed));
        let changes = memory.changes(Revision::ZERO).await.unwrap();
        let writes = |kind: &str| {
            let kind = format!("s/{kind}/").into_bytes();
            let all = changes.iter().flat_map(|change| &change.writes);
            all.filter(|(key, _)| key.starts_with(&kind)).count()
        };
        let steps = order().steps().len();
        assert_eq!((changes.len(), writes("log")), (steps + 1, steps + 1));
        assert_eq!((writes("live"), writes("end")), (2, 1), "it is there, and then it is not");
    });
}

/// Timeouts are of the wall clock, and go on while nobody is there. With a clock that is an hour off, what is done is
/// the same, and only when differs.
#[test]
fn a_timeout_survives_a_restart_and_a_wrong_clock_does_no_harm() {
    for (ahead, behind, waits) in [(0, 0, 60), (3_600, 0, 0), (0, 3_600, 3_660)] {
        run(async {
            let store = store();
            let dated = Dated::new();
            let waiting = Step { signal: Some("paid".into()), ..Step::pivot("charge", "payment") };
            let steps = Steps::new("order", 1)
                .then(Step::compensatable("reserve", "inventory"))
                .then(waiting)
                .timeout(Duration::from_secs(60));
            let definition = steps.build().unwrap();
            let asked = Arc::new(AtomicU64::new(0));
            let life = |ahead, behind, seed| {
                let own = Arc::clone(&asked);
                let inventory = move |command: Command| {
                    let units = if command.direction == Direction::Do { 1 } else { 100 };
                    own.fetch_add(units, Ordering::Relaxed);
                    std::future::ready(done())
                };
                let cast = willing().definition(Arc::clone(&definition));
                let cast = cast.participant("inventory", inventory);
                let world =
                    Skewed::new(dated, Duration::from_secs(ahead), Duration::from_secs(behind));
                let mut stream = Stream::from_seed(seed);
                Orchestrator::start(config(), world, &mut stream, Arc::clone(&store), cast)
            };
            let one = life(0, 0, 1);
            one.begin("7", "order", "").await.unwrap();
            tokio::time::sleep(ms(1_000)).await;
            drop(one);
            let begun = tokio::time::Instant::now();
            let two = life(ahead, behind, 1);
            assert_eq!(two.ended(&"7".into()).await, Ok(Phase::Compensated));
            let waited = begun.elapsed().as_secs();
            assert!(waited.abs_diff(waits) <= 5, "{waited} s, not {waits} s");
            assert_eq!(asked.load(Ordering::Relaxed), 101, "done once, undone once");
        });
    }
}
