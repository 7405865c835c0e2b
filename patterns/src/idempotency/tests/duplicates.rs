//! Fifty at the same time, of which any may be killed or paused, over a store that loses answers: one effect, and the same bytes.

use std::sync::Arc;

use cascadia_runtime::{Runtime, Stream};

use super::asked;
use crate::idempotency::{IdempotencyConfig, Keys, Known};
use crate::messaging::tests::{Dated, cases, run};
use crate::store::{MemoryStore, Store, StoreError};
use crate::testing::ms;

/// What is wrong with who does the work.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flaw {
    None,
    /// The effect is in a transaction of its own.
    NotAtomic,
}

/// One request: its answer, if it has one.
async fn request(
    keys: Arc<Keys>,
    store: Arc<dyn Store>,
    world: Dated,
    (work, flaw, name): (u64, Flaw, u8),
) -> Result<Option<Vec<u8>>, StoreError> {
    match keys.begin(&store, world.wall(), &asked("k", 1)).await? {
        Known::Done(answer) => Ok(Some(answer)),
        Known::First(claim) => {
            let mut transaction = match flaw {
                Flaw::None => claim.transaction(&store).await?,
                Flaw::NotAtomic => crate::store::Transaction::begin(&store),
            };
            let done = transaction.get("effects").await?.map_or(0, |row| row[0]);
            tokio::time::sleep(ms(work)).await;
            transaction.put("effects", [done + 1]);
            let answer = vec![name];
            match flaw {
                Flaw::None => claim.done(transaction, &answer, world.wall()).await?,
                Flaw::NotAtomic => {
                    transaction.commit().await?;
                    tokio::time::sleep(ms(work / 4)).await;
                    claim.answered(&store, &answer, world.wall()).await?;
                }
            }
            Ok(Some(answer))
        }
        _ => Ok(None),
    }
}

/// How often the work was done, and how many different answers there were.
async fn world(seed: u64, flaw: Flaw) -> (u8, usize) {
    let (world, mut draws) = (Dated::new(), Stream::from_seed(seed));
    let config = IdempotencyConfig { lease: ms(200), skew: ms(5), ..IdempotencyConfig::new("i/") };
    let keys = Arc::new(Keys::new(config));
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let mut answers = Vec::new();
    for round in 0..5 {
        let mut all = Vec::new();
        for one in 0..10 {
            let (keys, store) = (Arc::clone(&keys), Arc::clone(&store));
            let work = (draws.below(400), flaw, round * 10 + one);
            let (begins, life) = (draws.below(100), draws.below(500));
            let task = tokio::spawn(async move {
                tokio::time::sleep(ms(begins)).await;
                request(keys, store, world, work).await
            });
            let killer = task.abort_handle();
            drop(tokio::spawn(async move {
                tokio::time::sleep(ms(life)).await;
                killer.abort();
            }));
            all.push(task);
        }
        for task in all {
            if let Ok(Ok(Some(answer))) = task.await {
                answers.push(answer);
            }
        }
    }
    tokio::time::sleep(ms(1_000)).await;
    let last = (0, flaw, 99);
    answers.extend(request(keys, Arc::clone(&store), world, last).await.ok().flatten());
    answers.sort();
    answers.dedup();
    let effects = store.get("effects".into()).await.unwrap().unwrap();
    (effects.value[0], answers.len())
}

#[test]
fn however_many_come_and_whoever_is_killed_there_is_one_effect() {
    for seed in 0..cases(300) {
        assert_eq!(run(world(seed, Flaw::None)), (1, 1), "seed {seed}");
    }
}

/// Planted: the effect is committed before the answer.
#[test]
fn an_effect_outside_of_the_transaction_is_found() {
    assert!((0..300).any(|seed| run(world(seed, Flaw::NotAtomic)) != (1, 1)));
}
