use std::sync::Arc;

use crate::store::commit::{Change, Commit, Condition, MOST_COMMIT_BYTES, MOST_KEY_BYTES};
use crate::store::contract::Store;
use crate::store::error::StoreError;
use crate::store::query::{Answer, Query};
use crate::store::range::Range;
use crate::store::row::{Extent, Revision, Row};

pub(super) fn bytes(text: &str) -> Vec<u8> {
    text.as_bytes().to_vec()
}

pub(super) async fn value(store: &dyn Store, key: &str) -> Option<Vec<u8>> {
    store.get(bytes(key)).await.unwrap().map(|row| row.value)
}

pub(super) async fn put(store: &dyn Store, key: &str, value: &str) -> Revision {
    store.commit(Commit::new().put(key, value)).await.unwrap()
}

async fn keys(store: &dyn Store, range: Range) -> Vec<Vec<u8>> {
    let page = store.range(range, 100).await.unwrap();
    page.rows.into_iter().map(|row| row.key).collect()
}

pub(super) async fn a_row_is_read_as_it_was_written(store: Arc<dyn Store>) {
    assert_eq!(store.get(bytes("a")).await, Ok(None));
    assert_eq!(store.revision().await, Ok(Revision::ZERO));
    let every_byte: Vec<u8> = (0..=u8::MAX).collect();
    let first = store.commit(Commit::new().put(every_byte.clone(), every_byte.clone())).await;
    assert_eq!(first, Ok(Revision::new(1)));
    let second = store.commit(Commit::new().put("", "")).await;
    assert_eq!(second, Ok(Revision::new(2)));
    let row = |key: &[u8], revision| Row { key: key.to_vec(), value: key.to_vec(), revision };
    let found = store.get(every_byte.clone()).await.unwrap();
    assert_eq!(found, Some(row(&every_byte, Revision::new(1))));
    assert_eq!(store.get(Vec::new()).await.unwrap(), Some(row(b"", Revision::new(2))));
    store.commit(Commit::new().delete("").delete("never there")).await.unwrap();
    assert_eq!(store.get(Vec::new()).await, Ok(None));
    assert_eq!(store.revision().await, Ok(Revision::new(3)));
}

pub(super) async fn a_commit_writes_all_or_nothing(store: Arc<dyn Store>) {
    let both = || Commit::new().put("a", "1").put("b", "1");
    store.commit(both()).await.unwrap();
    let refused = both().put("c", "2").delete("a").given(Condition::Absent(bytes("b")));
    assert_eq!(store.commit(refused).await, Err(StoreError::Conflict));
    assert_eq!(keys(&*store, Range::all()).await, [b"a", b"b"]);
    assert_eq!(store.revision().await, Ok(Revision::new(1)), "nothing has happened");
}

pub(super) async fn several_commits_are_made_one_or_given_back(store: Arc<dyn Store>) {
    let put = |key: &str| Commit::new().given(Condition::Absent(bytes(key))).put(key, key);
    let one = Ok(Revision::new(1));
    assert_eq!(store.commit_all(vec![put("a"), put("b")]).await, one);
    let refused = vec![put("c"), put("b"), put("d")];
    let given_back = Err((StoreError::Conflict, refused.clone()));
    assert_eq!(store.commit_all(refused).await, given_back);
    assert_eq!(keys(&*store, Range::all()).await, [b"a", b"b"]);
    let half = |key: &str| Commit::new().put(key, vec![7; MOST_COMMIT_BYTES / 2]);
    let large = vec![half("c"), half("d")];
    let given_back = Err((StoreError::TooLarge, large.clone()));
    assert_eq!(store.commit_all(large).await, given_back, "each is not");
    let changes = store.changes(Revision::ZERO).await.unwrap();
    let writes = Commit::of(&[put("a"), put("b")]).writes;
    assert_eq!(changes, [Change { revision: Revision::new(1), writes }]);
    let before = Commit::new().given(Condition::Absent(bytes("c"))).put("c", "last");
    let both = vec![Commit::new().put("c", "first"), before];
    assert_eq!(store.commit_all(both).await, Ok(Revision::new(2)), "all hold of what was before");
    assert_eq!(value(&*store, "c").await, Some(bytes("last")));
}

pub(super) async fn each_condition_holds_or_conflicts(store: Arc<dyn Store>) {
    let first = put(&*store, "a", "1").await;
    let second = put(&*store, "a", "2").await;
    let holds = [
        Condition::At(bytes("a"), second),
        Condition::Equals(bytes("a"), bytes("2")),
        Condition::Absent(bytes("b")),
    ];
    let fails = [
        Condition::At(bytes("a"), first),
        Condition::At(bytes("b"), Revision::ZERO),
        Condition::Equals(bytes("a"), bytes("1")),
        Condition::Equals(bytes("b"), Vec::new()),
        Condition::Absent(bytes("a")),
    ];
    for condition in holds.clone() {
        assert!(store.read(Query::new().given(condition.clone())).await.is_ok());
        let commit = Commit::new().given(condition).put("seen", "");
        assert!(store.commit(commit).await.is_ok());
    }
    for condition in fails {
        let read = store.read(Query::new().given(condition.clone()).get("a")).await;
        assert_eq!(read, Err(StoreError::Conflict), "{condition:?}");
        let commit = Commit::new().given(holds[0].clone()).given(condition).put("a", "3");
        assert_eq!(store.commit(commit).await, Err(StoreError::Conflict));
    }
    assert_eq!(value(&*store, "a").await, Some(bytes("2")));
}

pub(super) async fn a_range_sees_every_change(store: Arc<dyn Store>) {
    store.commit(Commit::new().put("b", "1").put("c", "1").put("x", "1")).await.unwrap();
    let range = || Range::new("b", "f");
    let seen = || async {
        let rows = store.range(range(), 100).await.unwrap().rows;
        Condition::Unchanged(range(), Extent::of(rows.iter().map(|row| row.revision)))
    };
    let changes = [
        Commit::new().put("d", ""),
        Commit::new().put("b", "1"),
        Commit::new().delete("c"),
        Commit::new().delete("b").put("e", ""),
    ];
    for change in changes {
        let before = seen().await;
        let elsewhere = Commit::new().put("f", "").put("a", "").delete("x");
        store.commit(elsewhere.given(before.clone())).await.unwrap();
        store.commit(change.clone()).await.unwrap();
        let late = Commit::new().given(before).put("late", "");
        assert_eq!(store.commit(late).await, Err(StoreError::Conflict), "{change:?}");
    }
    let empty = Condition::Unchanged(Range::prefix("none"), Extent::default());
    store.commit(Commit::new().given(empty.clone()).put("none/1", "")).await.unwrap();
    let phantom = Commit::new().given(empty).put("none/2", "");
    assert_eq!(store.commit(phantom).await, Err(StoreError::Conflict));
}

pub(super) async fn an_empty_commit_only_asks(store: Arc<dyn Store>) {
    let at = put(&*store, "a", "1").await;
    assert_eq!(store.commit(Commit::new()).await, Ok(at));
    let there = Commit::new().given(Condition::At(bytes("a"), at));
    assert_eq!(store.commit(there).await, Ok(at));
    let absent = Commit::new().given(Condition::Absent(bytes("a")));
    assert_eq!(store.commit(absent).await, Err(StoreError::Conflict));
    assert_eq!(store.changes(Revision::ZERO).await.unwrap().len(), 1);
}

pub(super) async fn what_is_too_large_is_refused(store: Arc<dyn Store>) {
    let key = vec![7; MOST_KEY_BYTES];
    let value = vec![7; MOST_COMMIT_BYTES - MOST_KEY_BYTES];
    store.commit(Commit::new().put(key.clone(), value.clone())).await.unwrap();
    assert_eq!(store.get(key.clone()).await.unwrap().map(|row| row.value), Some(value.clone()));
    let longer_key = Commit::new().put([key.clone(), vec![7]].concat(), "");
    let longer_value = Commit::new().put(key, [value, vec![7]].concat());
    for commit in [longer_key, longer_value] {
        assert_eq!(store.commit(commit).await, Err(StoreError::TooLarge));
    }
    assert_eq!(store.revision().await, Ok(Revision::new(1)));
}

pub(super) async fn keys_are_ordered_byte_by_byte(store: Arc<dyn Store>) {
    let sorted: [&[u8]; 8] = [b"", b"\0", b"\0\0", b"A", b"a", b"a\0", b"a\xff\xff", b"\xff\xff"];
    let commit = sorted.iter().rev().fold(Commit::new(), |commit, key| commit.put(*key, ""));
    store.commit(commit).await.unwrap();
    assert_eq!(keys(&*store, Range::all()).await, sorted);
    assert_eq!(keys(&*store, Range::prefix("a")).await, sorted[4..7]);
    assert_eq!(keys(&*store, Range::prefix([0xff])).await, sorted[7..]);
    assert_eq!(keys(&*store, Range::new("A", "a")).await, sorted[3..4]);
    assert_eq!(keys(&*store, Range::new("a", "a")).await, sorted[..0]);
    assert_eq!(keys(&*store, Range::new("b", "a")).await, sorted[..0]);
}

pub(super) async fn pages_follow_each_other(store: Arc<dyn Store>) {
    let key = |n: u8| vec![b'k', n];
    let commit = (0..10).fold(Commit::new().put("z", ""), |commit, n| commit.put(key(n), ""));
    store.commit(commit).await.unwrap();
    for (limit, pages) in [(0, 10), (1, 10), (3, 4), (5, 2), (10, 1), (usize::MAX, 1)] {
        let (mut rest, mut found, mut count) = (Some(Range::prefix("k")), Vec::new(), 0);
        while let Some(range) = rest {
            let page = store.range(range, limit).await.unwrap();
            found.extend(page.rows.into_iter().map(|row| row.key));
            (rest, count) = (page.rest, count + 1);
        }
        assert_eq!(found, (0..10).map(key).collect::<Vec<_>>());
        assert_eq!(count, pages, "of {limit}");
    }
}

pub(super) async fn all_reads_are_of_one_state(store: Arc<dyn Store>) {
    store.commit(Commit::new().put("a", "1").put("b", "1")).await.unwrap();
    let query = Query::new().get("a").get("c").range(Range::all(), 1).range(Range::all(), 9);
    let view = store.read(query).await.unwrap();
    assert_eq!(view.revision, Revision::new(1));
    let row = |key| Row { key: bytes(key), value: bytes("1"), revision: Revision::new(1) };
    let [Answer::Row(first), Answer::Row(none), Answer::Page(part), Answer::Page(all)] =
        &view.answers[..]
    else {
        panic!("{view:?}")
    };
    assert_eq!((first, none), (&Some(row("a")), &None));
    assert_eq!((&part.rows[..], &all.rows[..]), (&[row("a")][..], &[row("a"), row("b")][..]));
    assert!(part.rest.is_some() && all.rest.is_none());
}
