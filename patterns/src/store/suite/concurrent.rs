use std::sync::Arc;

use cascadia_runtime::Stream;

use super::interleave::{interleave, step};
use crate::call::BoxFuture;
use crate::store::commit::Commit;
use crate::store::contract::Store;
use crate::store::error::StoreError;
use crate::store::range::Range;
use crate::store::transaction::Transaction;

const ACCOUNTS: u64 = 5;
const EACH: u64 = 100;

fn account(n: u64) -> Vec<u8> {
    format!("account/{n}").into_bytes()
}

fn amount(value: Option<Vec<u8>>) -> u64 {
    value.map_or(0, |value| u64::from_be_bytes(value.try_into().unwrap()))
}

/// Clients that move money at the same time, and one that counts it: it is always as much.
///
/// Every transfer also books itself under the next free number, which it finds by a range: numbers without
/// a gap show that no two of them have seen the same state.
pub async fn transfers(store: Arc<dyn Store>, clients: u64, each: u64, draws: &mut Stream) {
    let opening =
        (0..ACCOUNTS).fold(Commit::new(), |commit, n| commit.put(account(n), EACH.to_be_bytes()));
    store.commit(opening).await.unwrap();
    let client = |_| -> BoxFuture<()> {
        let (store, mut own) = (Arc::clone(&store), Stream::from_seed(draws.next_u64()));
        Box::pin(async move {
            for _ in 0..each {
                until_done(&store, &mut own).await;
                count(&store).await;
            }
        })
    };
    let running = (0..clients).map(client).collect();
    interleave(running, draws).await;
    let booked = store.range(Range::prefix("booked/"), 1_000).await.unwrap().rows;
    let keys: Vec<_> = booked.into_iter().map(|row| row.key).collect();
    assert_eq!(keys, (0..clients * each).map(booking).collect::<Vec<_>>());
}

fn booking(number: u64) -> Vec<u8> {
    format!("booked/{number:04}").into_bytes()
}

async fn until_done(store: &Arc<dyn Store>, draws: &mut Stream) {
    loop {
        match transfer(store, draws).await {
            Ok(()) => return,
            Err(StoreError::Conflict) => step().await,
            Err(error) => panic!("{error}"),
        }
    }
}

async fn transfer(store: &Arc<dyn Store>, draws: &mut Stream) -> Result<(), StoreError> {
    let (from, to) = (draws.below(ACCOUNTS), draws.below(ACCOUNTS - 1));
    let to = if to >= from { to + 1 } else { to };
    let mut transaction = Transaction::begin(store);
    let source = amount(transaction.get(account(from)).await?);
    step().await;
    let target = amount(transaction.get(account(to)).await?);
    let moved = draws.below(source + 1);
    transaction.put(account(from), (source - moved).to_be_bytes());
    transaction.put(account(to), (target + moved).to_be_bytes());
    let booked = transaction.range(Range::prefix("booked/"), 1_000).await?.rows.len();
    step().await;
    transaction.put(booking(booked as u64), "");
    transaction.commit().await.map(drop)
}

async fn count(store: &Arc<dyn Store>) {
    let mut reader = Transaction::begin(store);
    let mut sum = 0;
    for n in 0..ACCOUNTS {
        match reader.get(account(n)).await {
            Ok(value) => sum += amount(value),
            Err(StoreError::Conflict) => return,
            Err(error) => panic!("{error}"),
        }
        step().await;
    }
    assert_eq!(sum, ACCOUNTS * EACH);
}
