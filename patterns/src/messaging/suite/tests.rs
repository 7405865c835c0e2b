//! That the histories are those of the embedded broker, too, whosever part it plays.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::{Runtime, TokioWorld};

use super::double::{Defect, Double, Seen};
use super::{HISTORIES, History, Stage, Usual};
use crate::messaging::broker::Broker;
use crate::messaging::capabilities::{Capabilities, Capability};
use crate::messaging::embedded::Embedded;
use crate::messaging::tests::run;
use crate::store::{MemoryStore, Store};

/// A system that is played on, and whose part is played.
struct System {
    /// The folder of its adapter.
    adapter: &'static str,
    usual: fn() -> Usual,
}

const SYSTEMS: [System; 3] = [
    System { adapter: "rabbitmq", usual: Usual::rabbitmq },
    System { adapter: "nats", usual: Usual::jetstream },
    System { adapter: "redis", usual: Usual::redis },
];

async fn open(store: Arc<dyn Store>) -> Arc<dyn Broker> {
    Arc::new(Embedded::open(TokioWorld::new(), store, "bus").await.unwrap())
}

/// Plays a history with a broker that can so much and does something wrongly. Whether it was played.
fn play(history: &History, usual: Usual, can: Capabilities, defect: Option<Defect>) -> bool {
    run(async move {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let open = move || {
            let store = Arc::clone(&store);
            async move {
                let (broker, seen) = (open(store).await, Arc::<Seen>::default());
                Arc::new(Double { broker, can, defect, seen }) as Arc<dyn Broker>
            }
        };
        let sleep = |time: Duration| Box::pin(TokioWorld::new().sleep(time)) as _;
        let stage = Stage::new(history.name, open().await, Box::new(sleep)).usually(usual);
        history.play(stage.restarting(Box::new(move || Box::pin(open()) as _))).await
    })
}

fn skipped(usual: fn() -> Usual, can: Capabilities) -> Vec<&'static str> {
    let histories = HISTORIES.iter().filter(|history| !play(history, usual(), can, None));
    histories.map(|history| history.name).collect()
}

/// A file of an adapter.
fn text(adapter: &str, path: &str) -> String {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../adapters");
    std::fs::read_to_string(format!("{root}/{adapter}/{path}")).unwrap()
}

/// What an adapter says that its system can.
fn can(adapter: &str) -> Capabilities {
    let server = text(adapter, "src/server.rs");
    let (_, list) = server.split_once("const CAN: [Capability; ").unwrap();
    let (list, _) = list.split_once("];").unwrap();
    let names =
        list.split("Capability::").skip(1).map(|name| name.trim_end_matches([',', '\n', ' ']));
    let one = |name: &str| {
        let is_it = |it: &&Capability| format!("{it:?}") == name;
        *Capability::ALL.iter().find(is_it).unwrap_or_else(|| panic!("{adapter}: {name}"))
    };
    names.map(one).collect()
}

#[test]
fn the_embedded_broker_plays_every_history() {
    assert_eq!(skipped(Usual::default, Capabilities::all()), [""; 0]);
}

/// What its adapter plays on the real server, the broker plays in its place, asked for the same.
#[test]
fn the_model_of_a_system_plays_what_the_system_plays() {
    for System { adapter, usual } in SYSTEMS {
        let skipped = skipped(usual, can(adapter));
        let tests = text(adapter, "tests/main.rs");
        let unknown: Vec<_> = skipped.iter().filter(|name| !tests.contains(**name)).collect();
        assert_eq!(unknown, [&""; 0], "{adapter}: its server plays what its model does not");
        assert!(skipped.len() < HISTORIES.len() / 3, "{adapter}: {skipped:?}");
    }
}

#[test]
fn the_model_of_kafka_plays_what_has_no_single_messages() {
    let skipped = skipped(Usual::kafka, can("kafka"));
    let played = HISTORIES.iter().map(|history| history.name).filter(|it| !skipped.contains(it));
    let tests = text("kafka", "tests/main.rs");
    let (_, expected) = tests.split_once("let expected = [").unwrap();
    let (expected, _) = expected.split_once("];").unwrap();
    let expected: Vec<_> = expected.split(',').map(|name| name.trim().trim_matches('"')).collect();
    let expected: Vec<_> = expected.into_iter().filter(|name| !name.is_empty()).collect();
    assert_eq!(played.collect::<Vec<_>>(), expected);
}

/// Of each model that can be wrong so, some history goes otherwise.
#[test]
fn a_fault_that_is_planted_in_a_model_is_found() {
    let defects = [Defect::OneTooMany, Defect::RequeuesAtTheTail, Defect::KnowsByBody];
    for defect in defects {
        for System { adapter, usual } in SYSTEMS {
            let can = can(adapter);
            let is_found = |history: &&History| {
                let played = || play(history, usual(), can, Some(defect));
                catch_unwind(AssertUnwindSafe(played)).is_err()
            };
            let found: Vec<_> = HISTORIES.iter().filter(is_found).map(|it| it.name).collect();
            assert!(!found.is_empty(), "{adapter}: {defect:?}");
        }
    }
}
