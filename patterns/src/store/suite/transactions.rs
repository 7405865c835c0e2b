use std::sync::Arc;

use super::cases::{bytes, put, value};
use crate::store::contract::Store;
use crate::store::error::StoreError;
use crate::store::range::Range;
use crate::store::transaction::Transaction;

pub(super) async fn reads_see_own_writes(store: Arc<dyn Store>) {
    for key in ["a", "c", "e", "g"] {
        put(&*store, key, "old").await;
    }
    let mut own = Transaction::begin(&store);
    own.put("b", "new");
    own.delete("c");
    own.put("e", "new");
    assert_eq!(own.get("b").await, Ok(Some(bytes("new"))));
    assert_eq!(own.get("c").await, Ok(None));
    let page = own.range(Range::all(), 3).await.unwrap();
    let rows: Vec<_> = page.rows.iter().map(|row| (&row.key[..], &row.value[..])).collect();
    assert_eq!(rows, [(&b"a"[..], &b"old"[..]), (b"b", b"new"), (b"e", b"new")]);
    let rest = own.range(page.rest.unwrap(), 3).await.unwrap();
    assert_eq!(rest.rows.len(), 1);
    assert_eq!(value(&*store, "b").await, None, "nobody else sees them");
    own.commit().await.unwrap();
    assert_eq!(value(&*store, "b").await, Some(bytes("new")));
    assert_eq!(value(&*store, "c").await, None);
}

pub(super) async fn values_that_are_read_together_are_each_of_its_key(store: Arc<dyn Store>) {
    for key in ["a", "b", "c"] {
        put(&*store, key, key).await;
    }
    let mut transaction = Transaction::begin(&store);
    assert_eq!(transaction.get("b").await, Ok(Some(b"b".to_vec())));
    transaction.put("d", "own");
    let keys = ["c", "a", "c", "none", "b", "d", "a"];
    let values = transaction.get_all(keys.map(Into::into)).await.unwrap();
    let expected = ["c", "a", "c", "", "b", "own", "a"];
    assert_eq!(values.map(|value| value.unwrap_or_default()), expected.map(Vec::from));
}

pub(super) async fn two_of_one_state_do_not_both_commit(store: Arc<dyn Store>) {
    put(&*store, "a", "1").await;
    let (mut first, mut second) = (Transaction::begin(&store), Transaction::begin(&store));
    for transaction in [&mut first, &mut second] {
        assert_eq!(transaction.get("a").await, Ok(Some(bytes("1"))));
        transaction.put("a", "2");
    }
    first.commit().await.unwrap();
    assert_eq!(second.commit().await, Err(StoreError::Conflict));
}

pub(super) async fn a_read_after_a_change_conflicts_at_once(store: Arc<dyn Store>) {
    put(&*store, "a", "1").await;
    let mut of_row = Transaction::begin(&store);
    of_row.get("a").await.unwrap();
    let mut of_range = Transaction::begin(&store);
    of_range.range(Range::prefix("a"), 9).await.unwrap();
    let mut of_page = Transaction::begin(&store);
    of_page.range(Range::all(), 1).await.unwrap();
    put(&*store, "unrelated", "").await;
    for transaction in [&mut of_row, &mut of_range] {
        assert_eq!(transaction.get("b").await, Ok(None), "its state is another, as it was");
    }
    put(&*store, "a", "2").await;
    for mut transaction in [of_row, of_range, of_page] {
        assert_eq!(transaction.get("c").await, Err(StoreError::Conflict));
    }
}

/// Two doctors on call, of whom one must stay: each sees the other, and goes.
pub(super) async fn write_skew_on_a_range_is_refused(store: Arc<dyn Store>) {
    put(&*store, "on/ann", "").await;
    put(&*store, "on/bea", "").await;
    let (mut ann, mut bea) = (Transaction::begin(&store), Transaction::begin(&store));
    for (doctor, key) in [(&mut ann, "on/ann"), (&mut bea, "on/bea")] {
        assert_eq!(doctor.range(Range::prefix("on/"), 9).await.unwrap().rows.len(), 2);
        doctor.delete(key);
    }
    ann.commit().await.unwrap();
    assert_eq!(bea.commit().await, Err(StoreError::Conflict));

    let (mut first, mut second) = (Transaction::begin(&store), Transaction::begin(&store));
    for (host, key) in [(&mut first, "room/1"), (&mut second, "room/2")] {
        assert!(host.range(Range::prefix("room/"), 9).await.unwrap().rows.is_empty());
        host.put(key, "booked");
    }
    second.commit().await.unwrap();
    assert_eq!(first.commit().await, Err(StoreError::Conflict), "of rows that were not there");
}

pub(super) async fn a_reader_that_nobody_disturbs_commits(store: Arc<dyn Store>) {
    let at = put(&*store, "a", "1").await;
    let mut reader = Transaction::begin(&store);
    reader.get("a").await.unwrap();
    put(&*store, "a", "2").await;
    assert_eq!(reader.commit().await, Ok(at), "it was true when it was read");
    let mut writer = Transaction::begin(&store);
    writer.get("a").await.unwrap();
    put(&*store, "b", "").await;
    writer.put("a", "3");
    assert!(writer.commit().await.is_ok());
}
