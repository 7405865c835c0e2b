//! The content of a record.

use std::sync::Arc;

use crate::raft::entry::{Entry, Hard, MemberId, Payload};
use crate::raft::ready::Persist;

const HARD: u8 = 1;
const VOTE: u8 = 2;
const TRUNCATE: u8 = 4;

const NOOP: u8 = 0;
const COMMAND: u8 = 1;

pub(super) fn write(file: &mut Vec<u8>, persist: &Persist) {
    let vote = persist.hard.and_then(|hard| hard.voted_for);
    let flag = |is_set: bool, flag: u8| if is_set { flag } else { 0 };
    file.push(
        flag(persist.hard.is_some(), HARD)
            | flag(vote.is_some(), VOTE)
            | flag(persist.truncate_from.is_some(), TRUNCATE),
    );
    let numbers =
        [persist.hard.map(|hard| hard.term), vote.map(|vote| vote.0), persist.truncate_from];
    for number in numbers.into_iter().flatten() {
        file.extend_from_slice(&number.to_le_bytes());
    }
    for entry in &persist.append {
        file.extend_from_slice(&entry.term.to_le_bytes());
        file.extend_from_slice(&entry.index.to_le_bytes());
        match &entry.payload {
            Payload::Noop => file.push(NOOP),
            Payload::Command(command) => {
                file.push(COMMAND);
                file.extend_from_slice(&(command.len() as u64).to_le_bytes());
                file.extend_from_slice(command);
            }
        }
    }
}

/// The record with its number left at 0, or nothing where the bytes are none.
pub(super) fn read(content: &[u8]) -> Option<Persist> {
    let mut rest = content;
    let flags = byte(&mut rest)?;
    let mut optional = |flag: u8| match flags & flag {
        0 => Some(None),
        _ => number(&mut rest).map(Some),
    };
    let (term, vote, truncate_from) = (optional(HARD)?, optional(VOTE)?, optional(TRUNCATE)?);
    let hard = term.map(|term| Hard { term, voted_for: vote.map(MemberId) });
    let mut append = Vec::new();
    while !rest.is_empty() {
        append.push(entry(&mut rest)?);
    }
    Some(Persist { number: 0, hard, truncate_from, append })
}

fn entry(rest: &mut &[u8]) -> Option<Entry> {
    let (term, index) = (number(rest)?, number(rest)?);
    let payload = match byte(rest)? {
        NOOP => Payload::Noop,
        COMMAND => {
            let length = usize::try_from(number(rest)?).ok()?;
            Payload::Command(Arc::from(rest.split_off(..length)?))
        }
        _ => return None,
    };
    Some(Entry { term, index, payload })
}

fn number(rest: &mut &[u8]) -> Option<u64> {
    let (bytes, after) = rest.split_first_chunk()?;
    *rest = after;
    Some(u64::from_le_bytes(*bytes))
}

fn byte(rest: &mut &[u8]) -> Option<u8> {
    rest.split_off_first().copied()
}
