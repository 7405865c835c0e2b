use std::collections::BTreeMap;
use std::sync::Arc;

use cascadia_runtime::Runtime;

use super::rows::Rows;
use super::state::State;
use crate::messaging::codec;
use crate::messaging::error::BrokerError;
use crate::messaging::ids::Partition;
use crate::messaging::partition::Now;
use crate::store::{Commit, Condition, MOST_ROWS, Range, Row, Store, StoreError};

/// Begins the next life of a broker, with what is in its store.
pub(super) async fn open<R: Runtime>(
    world: &R,
    store: &Arc<dyn Store>,
    rows: Rows,
) -> Result<State, BrokerError> {
    let term = next_term(store, &rows).await.map_err(unavailable)?;
    let now = Now { time: world.now(), wall: world.wall() };
    let mut state = State::new(rows, term);
    let topics = state.rows.topics();
    for row in all(store, topics.clone()).await.map_err(unavailable)? {
        let name = Rows::name_in(&topics, &row.key).ok_or_else(damaged)?;
        let settings = codec::decode_topic(&row.value).map_err(corrupt)?;
        state.add_topic(now, &name.into(), &settings);
    }
    let places: Vec<_> = state.hosted.keys().copied().collect();
    for place in places {
        replay(store, &mut state, place).await?;
    }
    restore_transactions(store, &mut state, now).await?;
    Ok(state)
}

/// What was decided is done, and everything else that is open is aborted.
async fn restore_transactions(
    store: &Arc<dyn Store>,
    state: &mut State,
    now: Now,
) -> Result<(), BrokerError> {
    let range = state.rows.producers();
    let mut names = BTreeMap::new();
    for row in all(store, range.clone()).await.map_err(unavailable)? {
        let name = Rows::name_in(&range, &row.key).ok_or_else(damaged)?;
        names.insert(name.into(), codec::decode_identity(&row.value).map_err(corrupt)?);
    }
    state.names_from(names);
    for row in all(store, state.rows.decisions()).await.map_err(unavailable)? {
        let decision = codec::decode_decision(&row.value).map_err(corrupt)?;
        state.carry_out(now, &decision);
        state.beside.writes.insert(row.key, None);
    }
    state.abort_all(now);
    Ok(())
}

async fn replay(
    store: &Arc<dyn Store>,
    state: &mut State,
    place: usize,
) -> Result<(), BrokerError> {
    let Some((partition, _)) = state.partition(place) else { return Ok(()) };
    let range = state.rows.entries(&partition);
    let rows = all(store, range.clone()).await.map_err(unavailable)?;
    let Some((_, core)) = state.partition(place) else { return Ok(()) };
    for row in rows {
        let index = Rows::index_in(&range, &row.key).ok_or_else(damaged)?;
        core.replay(codec::decode(index, &row.value).map_err(corrupt)?);
    }
    core.begin();
    state.touch(place);
    Ok(())
}

/// Everything of a range.
async fn all(store: &Arc<dyn Store>, range: Range) -> Result<Vec<Row>, StoreError> {
    let (mut rows, mut left) = (Vec::new(), Some(range));
    while let Some(range) = left {
        let page = store.range(range, MOST_ROWS).await?;
        rows.extend(page.rows);
        left = page.rest;
    }
    Ok(rows)
}

/// From here on, nobody of an earlier life writes anything.
async fn next_term(store: &Arc<dyn Store>, rows: &Rows) -> Result<u64, StoreError> {
    loop {
        let row = store.get(rows.term()).await?;
        let bytes = row.as_ref().and_then(|row| row.value.as_slice().try_into().ok());
        let term = bytes.map_or(1, |bytes| u64::from_le_bytes(bytes) + 1);
        let same = Condition::same(&rows.term(), row.as_ref());
        let commit = Commit::new().given(same).put(rows.term(), term.to_le_bytes());
        match store.commit(commit).await {
            Ok(_) => return Ok(term),
            Err(StoreError::Conflict) => {}
            Err(error) => return Err(error),
        }
    }
}

/// Deletes what is left of removed partitions.
pub(super) async fn delete(
    store: &Arc<dyn Store>,
    rows: &Rows,
    partitions: &[Partition],
) -> Result<(), StoreError> {
    for partition in partitions {
        let range = rows.entries(partition);
        loop {
            let page = store.range(range.clone(), MOST_ROWS).await?;
            if page.rows.is_empty() {
                break;
            }
            let keys = page.rows.into_iter().map(|row| row.key);
            store.commit(keys.fold(Commit::new(), Commit::delete)).await?;
        }
    }
    Ok(())
}

pub(super) fn unavailable(error: StoreError) -> BrokerError {
    BrokerError::Unavailable(error.to_string())
}

fn corrupt(error: codec::Corrupt) -> BrokerError {
    BrokerError::Unavailable(error.to_string())
}

fn damaged() -> BrokerError {
    corrupt(codec::Corrupt::Damaged)
}
