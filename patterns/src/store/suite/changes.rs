use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use super::cases::{bytes, put};
use crate::store::commit::{Change, Commit, MOST_CHANGES};
use crate::store::contract::Store;
use crate::store::error::StoreError;
use crate::store::range::Range;
use crate::store::row::Revision;
use crate::store::watch::Watch;

pub(super) async fn changes_are_whole_and_in_order(store: Arc<dyn Store>) {
    let mut written = vec![Commit::new().put("a", "1").put("b", "1"), Commit::new().delete("a")];
    let many = (0..MOST_CHANGES as u64).map(|n| Commit::new().put("c", n.to_be_bytes()));
    written.extend(many);
    for commit in &written {
        store.commit(commit.clone()).await.unwrap();
    }
    let mut read: Vec<Change> = Vec::new();
    while read.len() < written.len() {
        let after = read.last().map_or(Revision::ZERO, |change| change.revision);
        let more = store.changes(after).await.unwrap();
        assert!((1..=MOST_CHANGES).contains(&more.len()));
        read.extend(more);
    }
    for ((at, commit), change) in written.into_iter().enumerate().zip(read) {
        assert_eq!(change.revision, Revision::new(at as u64 + 1));
        assert_eq!(change.writes, commit.writes);
    }
}

pub(super) async fn changes_are_waited_for(store: Arc<dyn Store>) {
    let at = put(&*store, "a", "1").await;
    let mut waits = store.changes(at);
    let early = poll_fn(|context| Poll::Ready(waits.as_mut().poll(context).is_ready())).await;
    assert!(!early, "nothing has changed");
    let next = put(&*store, "a", "2").await;
    let changes = waits.await.unwrap();
    assert_eq!(changes.iter().map(|change| change.revision).collect::<Vec<_>>(), [next]);
}

pub(super) async fn what_is_forgotten_is_compacted(store: Arc<dyn Store>) {
    for n in 1..=5 {
        put(&*store, "a", &n.to_string()).await;
    }
    let after = |n| store.changes(Revision::new(n));
    store.forget(Revision::new(3)).await.unwrap();
    store.forget(Revision::new(1)).await.unwrap();
    for n in 0..3 {
        assert_eq!(after(n).await, Err(StoreError::Compacted));
    }
    assert_eq!(after(3).await.unwrap().len(), 2);
    store.forget(Revision::new(99)).await.unwrap();
    assert_eq!(after(4).await, Err(StoreError::Compacted));
    assert_eq!(put(&*store, "a", "6").await, Revision::new(6));
    assert_eq!(after(5).await.unwrap().len(), 1);
    assert_eq!(store.get(bytes("a")).await.unwrap().map(|row| row.value), Some(bytes("6")));
}

pub(super) async fn a_watch_sees_its_range_only(store: Arc<dyn Store>) {
    let before = put(&*store, "a/1", "").await;
    let mut watch = Watch::new(&store, Range::prefix("a/"), before);
    put(&*store, "b", "").await;
    let both = store.commit(Commit::new().put("b", "").delete("a/1")).await.unwrap();
    let next = put(&*store, "a/2", "").await;
    let seen = watch.next().await.unwrap();
    assert_eq!((seen.revision, seen.writes), (both, [(bytes("a/1"), None)].into()));
    assert_eq!(watch.after(), both);
    assert_eq!(watch.next().await.unwrap().revision, next);
}
