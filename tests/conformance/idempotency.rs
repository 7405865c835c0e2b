//! Requests that come more than once.

use std::sync::Arc;

use cascadia_patterns::idempotency::{Asked, Claim, IdempotencyConfig, Keys, Known};
use cascadia_patterns::store::{MemoryStore, Store, StoreError};
use cascadia_runtime::Runtime;

use super::bench::{Bench, Log, ms};

fn keys() -> Keys {
    let (lease, skew) = (ms(100), ms(1));
    Keys::new(IdempotencyConfig { lease, skew, time_to_live: ms(300), ..IdempotencyConfig::new("keys/") })
}

fn store() -> Arc<dyn Store> {
    Arc::new(MemoryStore::new())
}

fn asked(fingerprint: u64) -> Asked {
    Asked { scope: "orders".into(), key: "7".into(), fingerprint }
}

async fn begin<R: Runtime>(bench: &Bench<R>, store: &Arc<dyn Store>, of: u64) -> Known {
    keys().begin(store, bench.world.wall(), &asked(of)).await.unwrap()
}

async fn first<R: Runtime>(bench: &Bench<R>, store: &Arc<dyn Store>) -> Box<Claim> {
    match begin(bench, store, 1).await {
        Known::First(claim) => claim,
        other => panic!("{other:?}"),
    }
}

/// Does the work of a claim, with its answer in one transaction.
async fn work<R: Runtime>(
    bench: &Bench<R>,
    store: &Arc<dyn Store>,
    claim: &Claim,
) -> Result<(), StoreError> {
    let mut transaction = claim.transaction(store).await?;
    let done = transaction.get("effect").await?.map_or(0, |row| row[0]);
    transaction.put("effect", [done + 1]);
    claim.done(transaction, b"ok", bench.world.wall()).await
}

async fn effects(store: &Arc<dyn Store>) -> u8 {
    store.get(b"effect".to_vec()).await.unwrap().map_or(0, |row| row.value[0])
}

pub(crate) async fn of_many_at_the_same_time_one_is_done<R: Runtime>(bench: Bench<R>) {
    let (store, log) = (store(), Log::default());
    for number in 0..20 {
        let (own, store, log) = (bench.clone(), Arc::clone(&store), log.clone());
        bench.detach(async move {
            if let Known::First(claim) = begin(&own, &store, 1).await {
                log.note(number);
                own.world.sleep(ms(5)).await;
                work(&own, &store, &claim).await.unwrap();
            }
        });
    }
    bench.world.sleep(ms(50)).await;
    assert_eq!((log.notes().len(), effects(&store).await), (1, 1));
    assert!(matches!(begin(&bench, &store, 1).await, Known::Done(answer) if answer == b"ok"));
}

pub(crate) async fn what_is_under_way_or_asks_for_something_else_is_told_so<R: Runtime>(
    bench: Bench<R>,
) {
    let store = store();
    let claim = first(&bench, &store).await;
    assert!(matches!(begin(&bench, &store, 1).await, Known::InProgress(_)));
    assert!(matches!(begin(&bench, &store, 2).await, Known::Other));
    work(&bench, &store, &claim).await.unwrap();
    assert!(matches!(begin(&bench, &store, 2).await, Known::Other));
}

pub(crate) async fn who_dies_at_it_is_taken_over_and_conflicts_when_it_wakes_up<R: Runtime>(
    bench: Bench<R>,
) {
    let store = store();
    let dead = first(&bench, &store).await;
    bench.world.sleep(ms(110)).await;
    let next = first(&bench, &store).await;
    assert_eq!([dead.epoch(), next.epoch()], [1, 2]);
    work(&bench, &store, &next).await.unwrap();
    assert_eq!(work(&bench, &store, &dead).await, Err(StoreError::Conflict));
    assert_eq!(effects(&store).await, 1);
}

pub(crate) async fn after_its_time_a_key_is_a_new_one<R: Runtime>(bench: Bench<R>) {
    let store = store();
    let claim = first(&bench, &store).await;
    work(&bench, &store, &claim).await.unwrap();
    bench.world.sleep(ms(310)).await;
    let claim = first(&bench, &store).await;
    work(&bench, &store, &claim).await.unwrap();
    assert_eq!(effects(&store).await, 2);
}
