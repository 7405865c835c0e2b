use std::sync::{Arc, Mutex};

use cascadia_runtime::Stream;

use super::MemoryStore;
use crate::store::commit::Commit;
use crate::store::contract::Store;
use crate::store::error::StoreError;
use crate::store::range::Range;
use crate::store::row::Revision;
use crate::store::suite::{CASES, Journal, Told, Workload, compare, interleave, transfers};

fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(test);
}

#[test]
fn it_passes_every_case() {
    for (_, case) in CASES {
        run(case(Arc::new(MemoryStore::new())));
    }
}

#[test]
fn it_answers_as_the_model_does() {
    for seed in 0..300 {
        run(compare(&MemoryStore::new(), 100, &mut Stream::from_seed(seed)));
    }
}

#[test]
fn transactions_at_the_same_time_happen_one_after_another() {
    for seed in 0..100 {
        run(transfers(Arc::new(MemoryStore::new()), 4, 10, &mut Stream::from_seed(seed)));
    }
}

#[test]
fn what_it_has_acknowledged_is_there() {
    for seed in 0..50 {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let journal = Arc::new(Mutex::new(Journal::new(seed)));
        let told = Arc::clone(&journal);
        let tell = move |number, told_it: Told| told.lock().unwrap().tell(number, told_it);
        let work = Workload::new(seed, 0..50, Arc::new(tell));
        run(async {
            let clients = (0..3).map(|_| work.client(Arc::clone(&store))).collect();
            interleave(clients, &mut Stream::from_seed(seed)).await;
        });
        drop(work);
        let mut journal = std::mem::replace(&mut *journal.lock().unwrap(), Journal::new(seed));
        run(async { journal.check(&*store).await.unwrap() });
        assert!(journal.commits() > 25);
    }
}

#[test]
fn it_keeps_so_many_changes_and_no_more() {
    run(async {
        let store = MemoryStore::keeping(2);
        for n in 1..=5 {
            store.commit(Commit::new().put("a", [n])).await.unwrap();
        }
        assert_eq!(store.changes(Revision::new(2)).await, Err(StoreError::Compacted));
        assert_eq!(store.changes(Revision::new(3)).await.unwrap().len(), 2);
    });
}

#[test]
fn what_is_discarded_is_gone_and_nobody_is_told() {
    run(async {
        let store = MemoryStore::new();
        let keys = ["a", "b/1", "b/2", "c"];
        let commit = keys.into_iter().fold(Commit::new(), |commit, key| commit.put(key, "x"));
        let made = store.commit(commit).await.unwrap();
        store.discard([Range::prefix("b/"), Range::new("c", "c"), Range::new("d", "a")]);
        let left = store.range(Range::all(), 9).await.unwrap().rows;
        let left: Vec<_> = left.into_iter().map(|row| row.key).collect();
        assert_eq!(left, [b"a".to_vec(), b"c".to_vec()]);
        assert_eq!(store.revision().await, Ok(made));
        store.discard([Range::all()]);
        assert_eq!(store.range(Range::all(), 9).await.unwrap().rows, []);
    });
}
