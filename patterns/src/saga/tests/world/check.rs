use std::collections::BTreeMap;

use super::effects::did;
use crate::saga::definition::Kind;
use crate::saga::state::{Leg, Phase};
use crate::saga::{Direction, Record, SagaLog};
use crate::store::{MemoryStore, Range, Revision, Store};

/// What is wrong with a saga that has ended, by its log and by what its participants have done.
pub(super) async fn check(log: &SagaLog, stores: &[MemoryStore]) -> Result<(), String> {
    let (state, steps) = (log.state(), log.definition.steps());
    let mut undone = Vec::new();
    let mut done = Vec::new();
    for entry in &log.entries {
        match &entry.record {
            Record::Done { direction: Direction::Do, step, .. } => done.push(*step),
            Record::Done { direction: Direction::Undo, step, .. } if done.contains(step) => {
                undone.push(*step);
            }
            _ => {}
        }
    }
    if state.phase() == Phase::Compensated {
        done.reverse();
        let by_hand = |step: u32| state.steps()[step as usize].is_skipped;
        undone.retain(|step| !by_hand(*step));
        let is_needed = |step: u32| steps[step as usize].kind != Kind::Reading && !by_hand(step);
        let needed: Vec<_> = done.iter().filter(|step| is_needed(**step)).collect();
        if needed != undone.iter().collect::<Vec<_>>() {
            return Err(format!("undone as {undone:?} and not as {needed:?}"));
        }
    }
    if log.entries.windows(2).any(|two| two[1].epoch < two[0].epoch) {
        return Err("an earlier epoch wrote after a later one".into());
    }
    let has_decided = steps
        .iter()
        .zip(state.steps())
        .any(|(step, state)| step.kind == Kind::Pivot && state.act == Leg::Done);
    match state.phase() {
        Phase::Completed => {}
        Phase::Compensated if !has_decided => {}
        phase => return Err(format!("it has ended as {phase:?}")),
    }
    for (step, _) in steps.iter().zip(state.steps()).filter(|(_, state)| !state.is_skipped) {
        let mut what = String::new();
        for store in stores {
            what += &did(store, log.id.as_str(), &step.name).await;
        }
        let is_right = match state.phase() {
            Phase::Completed => what == "d",
            _ => what.is_empty() || what == "du" || step.kind == Kind::Reading,
        };
        if !is_right {
            return Err(format!("of {} was done {what}", step.name));
        }
    }
    Ok(())
}

/// Whether a participant has done something for an epoch when it had heard of a later one; and whether locks are left.
pub(super) async fn check_participant(store: &MemoryStore) -> Result<(), String> {
    let mut heard: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
    for change in all_changes(store).await {
        for (key, value) in &change {
            let text = String::from_utf8_lossy(key).into_owned();
            if let (Some(of), Some(value)) = (text.strip_prefix("did/"), value) {
                let saga = of.split('/').next().unwrap_or_default().as_bytes();
                let epoch = u64::from(*value.last().unwrap());
                if heard.get(saga).is_some_and(|heard| *heard > epoch) {
                    return Err(format!("{of} was done for epoch {epoch}, which is over"));
                }
            }
        }
        for (key, value) in &change {
            if let (Some(saga), Some(value)) = (fenced(key), value) {
                let epoch = u64::from_be_bytes(value.as_slice().try_into().unwrap());
                heard.insert(saga.to_vec(), epoch);
            }
        }
    }
    for kind in ["l/lock/", "l/line/", "l/held/"] {
        if !store.range(Range::prefix(kind), 1).await.unwrap().rows.is_empty() {
            return Err(format!("{kind} is left"));
        }
    }
    Ok(())
}

/// The saga of which a key has the latest epoch, if it is that.
pub(super) fn fenced(key: &[u8]) -> Option<&[u8]> {
    let key = key.strip_prefix(b"was/".as_slice()).unwrap_or(key);
    let (length, rest) = key.strip_prefix(b"l/cmd/".as_slice())?.split_first_chunk::<4>()?;
    (rest.len() == u32::from_be_bytes(*length) as usize).then_some(rest)
}

/// Whether an entry of a log was written twice.
pub(super) async fn check_logs(store: &MemoryStore) -> Result<(), String> {
    let mut seen = BTreeMap::new();
    for change in all_changes(store).await {
        for (key, value) in change {
            if key.starts_with(b"s/log/")
                && let Some(other) = seen.insert(key, value.clone())
                && other != value
            {
                return Err("an entry was written over".into());
            }
        }
    }
    Ok(())
}

async fn all_changes(store: &MemoryStore) -> Vec<BTreeMap<Vec<u8>, Option<Vec<u8>>>> {
    let (end, mut at, mut all) = (store.revision().await.unwrap(), Revision::ZERO, Vec::new());
    while at < end {
        for change in store.changes(at).await.unwrap() {
            at = change.revision;
            all.push(change.writes);
        }
    }
    all
}
