//! That the histories are those of the embedded broker, too, whosever part it plays.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use cascadia_runtime::TokioWorld;

use super::{Dated, Defect, Double, FORGETFUL, HISTORIES, History, Stage, Tale, Trouble, Usual};
use crate::messaging::broker::Broker;
use crate::messaging::capabilities::{Capabilities, Capability};
use crate::messaging::embedded::Embedded;
use crate::messaging::tests::{cases, run};
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

/// A clock that jumps, and a date that does with it.
fn world() -> Dated<TokioWorld> {
    Dated::by(TokioWorld::new())
}

async fn open(store: Arc<dyn Store>) -> Arc<dyn Broker> {
    Arc::new(Embedded::open(world(), store, "bus").await.unwrap())
}

/// Where a broker plays that can so much and does something wrongly.
async fn stage(name: &str, usual: Usual, can: Capabilities, defect: Option<Defect>) -> Stage {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let open = move || {
        let store = Arc::clone(&store);
        async move { Arc::new(Double::new(open(store).await, can, defect)) as Arc<dyn Broker> }
    };
    let stage = Stage::new(name, open().await, world()).usually(usual);
    let stage = stage.disturbed(Box::new(|_| Box::pin(async { false })));
    stage.restarting(Box::new(move || Box::pin(open()) as _))
}

/// Whether a history was played.
fn play(history: &History, usual: Usual, can: Capabilities, defect: Option<Defect>) -> bool {
    run(async { history.play(stage(history.name, usual, can, defect).await).await })
}

/// What goes otherwise with a defect in a history that is drawn.
fn tell(
    usual: fn() -> Usual,
    can: Capabilities,
    defect: Option<Defect>,
    seed: u64,
) -> Option<String> {
    let troubles = [Trouble::None, Trouble::Cut, Trouble::Pause, Trouble::Kill];
    let trouble = troubles[seed as usize % troubles.len()];
    run(async {
        let tale = Tale::tell(stage("model", usual(), can, None).await, trouble, seed).await;
        tale.unwrap().play(stage("system", usual(), can, defect).await).await.err()
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

/// The same on a broker whose store is as old as itself.
#[test]
fn the_model_of_a_system_forgets_as_the_system_does() {
    for System { adapter, usual } in SYSTEMS {
        let can = can(adapter);
        let open = move || async move {
            let broker = open(Arc::new(MemoryStore::new())).await;
            Arc::new(Double::new(broker, can, None)) as Arc<dyn Broker>
        };
        for history in FORGETFUL {
            let played = run(async {
                let stage = Stage::new(history.name, open().await, world()).usually(usual());
                history.play(stage.restarting(Box::new(move || Box::pin(open()) as _))).await
            });
            assert!(played, "{adapter}: {}", history.name);
        }
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

/// Nothing comes again, and nothing is said of what has come.
#[test]
fn the_model_of_channels_plays_what_they_play() {
    // A topic is made on the model, where a channel is there as it is.
    let can = [Capability::Broadcast, Capability::OnDelivery, Capability::Declare];
    let can = can.into_iter().collect();
    let skipped = skipped(Usual::redis_pubsub, can);
    let (tests, names) = (text("redis", "tests/main.rs"), HISTORIES.iter().map(|it| it.name));
    let played: Vec<_> = names.filter(|name| !skipped.contains(name)).collect();
    let (_, told) = tests.split_once("let played = [").unwrap();
    let (told, _) = told.split_once("];").unwrap();
    assert!(played.iter().all(|name| told.contains(name)), "{played:?}");
    assert!(played.len() >= 3, "{played:?}");
}

const DEFECTS: [Defect; 4] =
    [Defect::OneTooMany, Defect::RequeuesAtTheTail, Defect::KnowsByBody, Defect::NeverExpires];

/// Whether a broker that can so much is asked for what it would do wrongly.
fn can_be_wrong(can: Capabilities, defect: Defect) -> bool {
    defect != Defect::NeverExpires || can.has(Capability::Expiry)
}

/// Of each model that can be wrong so, some history goes otherwise.
#[test]
fn a_fault_that_is_planted_in_a_model_is_found() {
    for defect in DEFECTS {
        for System { adapter, usual } in SYSTEMS {
            let can = can(adapter);
            if !can_be_wrong(can, defect) {
                continue;
            }
            let is_found = |history: &&History| {
                let played = || play(history, usual(), can, Some(defect));
                catch_unwind(AssertUnwindSafe(played)).is_err()
            };
            let found: Vec<_> = HISTORIES.iter().filter(is_found).map(|it| it.name).collect();
            assert!(!found.is_empty(), "{adapter}: {defect:?}");
        }
    }
}

/// What is compared is promised: the same broker does the same again.
#[test]
fn a_model_does_in_a_history_that_is_drawn_what_it_has_done() {
    let kafka = (Usual::kafka as fn() -> Usual, "kafka");
    let all = SYSTEMS.iter().map(|system| (system.usual, system.adapter)).chain([kafka]);
    for (usual, adapter) in all {
        for seed in 0..cases(200) {
            let differs = tell(usual, can(adapter), None, seed);
            assert_eq!(differs, None, "{adapter}");
        }
    }
}

#[test]
fn a_fault_that_is_planted_in_a_model_is_found_by_histories_that_are_drawn() {
    let all = DEFECTS;
    // Of a log, nothing is refused, and no delivery counted.
    let log = System { adapter: "kafka", usual: Usual::kafka };
    let of_log = (log, [Defect::KnowsByBody].as_slice());
    for (System { adapter, usual }, defects) in
        SYSTEMS.map(|it| (it, all.as_slice())).into_iter().chain([of_log])
    {
        for &defect in defects.iter().filter(|defect| can_be_wrong(can(adapter), **defect)) {
            let is_found = |seed: &u64| tell(usual, can(adapter), Some(defect), *seed).is_some();
            // Nothing expires where something else happens.
            let every = if defect == Defect::NeverExpires { 4 } else { 1 };
            let found = (0..200 * every).step_by(every as usize).filter(is_found).count();
            assert!(found >= 20, "{adapter}: {defect:?} is found in {found} of 200");
        }
    }
}
