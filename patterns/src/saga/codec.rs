use std::sync::Arc;

use cascadia_runtime::Wall;

use super::direction::Direction;
use super::fault::Fault;
use super::ids::Epoch;
use super::record::{Entry, Record, Stop};
use crate::messaging::Bytes;
use crate::messaging::codec::read::{self, In};
use crate::messaging::codec::write::{self, Out};
use crate::messaging::codec::{Corrupt, open, seal};

/// Entries that are written together, of which the first has this place in the log.
pub(super) fn encode_entries(place: u64, entries: &[Entry]) -> Vec<u8> {
    seal(place, |out| {
        for entry in entries {
            write::long(out, entry.at.as_nanos());
            write::long(out, entry.epoch.0);
            write_record(out, &entry.record);
        }
    })
}

/// The entries that were written so, from this place on.
pub(super) fn decode_entries(place: u64, bytes: &[u8]) -> Result<Vec<Entry>, Corrupt> {
    let mut rest = open(place, bytes)?;
    let mut entries = Vec::new();
    while !rest.is_empty() {
        entries.push(read_entry(&mut rest).ok_or(Corrupt::Damaged)?);
    }
    Ok(entries)
}

fn read_entry(rest: In<'_, '_>) -> Option<Entry> {
    Some(Entry {
        at: Wall::from_nanos(read::long(rest)?),
        epoch: Epoch(read::long(rest)?),
        record: read_record(rest)?,
    })
}

fn write_record(out: Out<'_>, record: &Record) {
    match record {
        Record::Started { definition, version, input } => {
            write::byte(out, 0);
            write::text(out, definition);
            write::short(out, *version);
            write::bytes(out, input);
        }
        Record::Intent { direction, step, attempt } => {
            write_at(out, 1, *direction, *step);
            write::short(out, *attempt);
        }
        Record::Done { direction, step, output } => {
            write_at(out, 2, *direction, *step);
            write::bytes(out, output);
        }
        Record::Refused { step, fault } => {
            write_at(out, 3, Direction::Do, *step);
            write_fault(out, fault);
        }
        Record::Failed { direction, step, fault, is_final } => {
            write_at(out, 4, *direction, *step);
            write_fault(out, fault);
            write::flag(out, *is_final);
        }
        Record::Locked { direction, step, by } => {
            write_at(out, 5, *direction, *step);
            write::text(out, by.as_str());
        }
        Record::Unknown { direction, step } => write_at(out, 6, *direction, *step),
        Record::Signalled { name, body } => {
            write::byte(out, 7);
            write::text(out, name);
            write::bytes(out, body);
        }
        Record::Stopped(stop) => {
            write::byte(out, 8);
            write::byte(out, *stop as u8);
        }
        Record::Compensating => write::byte(out, 9),
        Record::Stuck { step } => write_at(out, 10, Direction::Undo, *step),
        Record::Retried => write::byte(out, 11),
        Record::Skipped { step } => write_at(out, 12, Direction::Do, *step),
        Record::Completed => write::byte(out, 13),
        Record::Compensated => write::byte(out, 14),
    }
}

fn write_at(out: Out<'_>, tag: u8, direction: Direction, step: u32) {
    write::byte(out, tag);
    write::byte(out, direction as u8);
    write::short(out, step);
}

pub(super) fn write_fault(out: Out<'_>, fault: &Fault) {
    write::text(out, &fault.kind);
    write::text(out, &fault.why);
}

fn read_record(rest: In<'_, '_>) -> Option<Record> {
    Some(match read::byte(rest)? {
        0 => Record::Started {
            definition: text(rest)?,
            version: read::short(rest)?,
            input: bytes(rest)?,
        },
        7 => Record::Signalled { name: text(rest)?, body: bytes(rest)? },
        8 => Record::Stopped(match read::byte(rest)? {
            0 => Stop::Cancelled,
            1 => Stop::TimedOut,
            2 => Stop::Forced,
            _ => return None,
        }),
        9 => Record::Compensating,
        11 => Record::Retried,
        13 => Record::Completed,
        14 => Record::Compensated,
        tag => read_of_step(tag, rest)?,
    })
}

fn read_of_step(tag: u8, rest: In<'_, '_>) -> Option<Record> {
    let direction = *Direction::ALL.get(usize::from(read::byte(rest)?))?;
    let step = read::short(rest)?;
    Some(match tag {
        1 => Record::Intent { direction, step, attempt: read::short(rest)? },
        2 => Record::Done { direction, step, output: bytes(rest)? },
        3 => Record::Refused { step, fault: read_fault(rest)? },
        4 => {
            let fault = read_fault(rest)?;
            Record::Failed { direction, step, fault, is_final: read::flag(rest)? }
        }
        5 => Record::Locked { direction, step, by: text(rest)?.into() },
        6 => Record::Unknown { direction, step },
        10 => Record::Stuck { step },
        12 => Record::Skipped { step },
        _ => return None,
    })
}

pub(super) fn read_fault(rest: In<'_, '_>) -> Option<Fault> {
    Some(Fault { kind: text(rest)?, why: text(rest)? })
}

pub(super) fn text(rest: In<'_, '_>) -> Option<Arc<str>> {
    read::text(rest).map(Into::into)
}

pub(super) fn bytes(rest: In<'_, '_>) -> Option<Bytes> {
    read::bytes(rest).map(Into::into)
}
