use std::sync::Arc;

use cascadia_runtime::Wall;

use super::envelope::{Corrupt, open, seal};
use super::identity::{read_identity, write_identity};
use super::message;
use super::read::{self, In};
use super::write::{self, Out};
use crate::messaging::identity::{Numbered, Sequence};
use crate::messaging::ids::{Group, Offset};
use crate::messaging::partition::{
    Appended, Change, Cursor, Entry, Known, Placed, ProducerState, Tried,
};

const APPENDED: u8 = 1;
const TRIMMED: u8 = 2;
const ENDED: u8 = 3;
const PRODUCER: u8 = 4;
const SEEN: u8 = 5;
const CURSOR: u8 = 6;
const DONE: u8 = 7;
const TRIED: u8 = 8;
const DOOMED: u8 = 9;
const LEFT: u8 = 10;

/// An entry as bytes.
///
/// # Panics
///
/// When a part of it has 4 GiB or more.
pub fn encode(entry: &Entry) -> Vec<u8> {
    seal(entry.index, |out| write_change(out, &entry.change))
}

/// The entry that was written at `index`.
///
/// # Errors
///
/// When the bytes are not those that were written there.
pub fn decode(index: u64, bytes: &[u8]) -> Result<Entry, Corrupt> {
    let mut rest = open(index, bytes)?;
    let change = read_change(&mut rest).filter(|_| rest.is_empty()).ok_or(Corrupt::Damaged)?;
    Ok(Entry { index, change })
}

fn write_change(out: Out<'_>, change: &Change) {
    match change {
        Change::Appended(appended) => {
            write::byte(out, APPENDED);
            write_appended(out, appended);
        }
        Change::Trimmed(start) => {
            write::byte(out, TRIMMED);
            write::long(out, start.0);
        }
        Change::Ended(producer, commit) => {
            write::byte(out, ENDED);
            write_identity(out, *producer);
            write::flag(out, *commit);
        }
        Change::Producer(state) => {
            write::byte(out, PRODUCER);
            write_identity(out, state.producer);
            write::long(out, state.at.as_nanos());
            write::list(out, &state.batches, write_placed);
        }
        Change::Seen(known) => {
            write::byte(out, SEEN);
            write::list(out, known, |out, known| {
                write::text(out, known.id.as_str());
                write::long(out, known.offset.0);
                write::long(out, known.at.as_nanos());
            });
        }
        Change::Cursor(group, cursor) => {
            write::byte(out, CURSOR);
            write::text(out, group.as_str());
            write_cursor(out, cursor);
        }
        Change::Done(group, offsets) => {
            write::byte(out, DONE);
            write::text(out, group.as_str());
            write::list(out, offsets, |out, offset| write::long(out, offset.0));
        }
        Change::Tried(group, tried) => {
            write::byte(out, TRIED);
            write::text(out, group.as_str());
            write_tried(out, tried);
        }
        Change::Doomed(group, offset, why) => {
            write::byte(out, DOOMED);
            write::text(out, group.as_str());
            write::long(out, offset.0);
            write::text(out, why);
        }
        Change::Left(group) => {
            write::byte(out, LEFT);
            write::text(out, group.as_str());
        }
    }
}

fn read_change(rest: In<'_, '_>) -> Option<Change> {
    Some(match read::byte(rest)? {
        APPENDED => Change::Appended(read_appended(rest)?),
        TRIMMED => Change::Trimmed(read_offset(rest)?),
        ENDED => Change::Ended(read_identity(rest)?, read::flag(rest)?),
        PRODUCER => Change::Producer(ProducerState {
            producer: read_identity(rest)?,
            at: read_wall(rest)?,
            batches: read::list(rest, read_placed)?,
        }),
        SEEN => Change::Seen(read::list(rest, |rest| {
            let id = read::text(rest)?.into();
            Some(Known { id, offset: read_offset(rest)?, at: read_wall(rest)? })
        })?),
        CURSOR => Change::Cursor(read_group(rest)?, read_cursor(rest)?),
        DONE => Change::Done(read_group(rest)?, read::list(rest, read_offset)?),
        TRIED => Change::Tried(read_group(rest)?, read_tried(rest)?),
        DOOMED => {
            Change::Doomed(read_group(rest)?, read_offset(rest)?, Arc::from(read::text(rest)?))
        }
        LEFT => Change::Left(read_group(rest)?),
        _ => return None,
    })
}

fn write_appended(out: Out<'_>, appended: &Appended) {
    write::long(out, appended.first.0);
    write::long(out, appended.at.as_nanos());
    write::option(out, appended.numbered, |out, numbered| {
        write_identity(out, numbered.producer);
        write::short(out, numbered.first.get());
    });
    write::flag(out, appended.transactional);
    write::list(out, &appended.messages, |out, message| message::write(out, message));
}

fn read_appended(rest: In<'_, '_>) -> Option<Appended> {
    Some(Appended {
        first: read_offset(rest)?,
        at: read_wall(rest)?,
        numbered: read::option(rest, |rest| {
            let producer = read_identity(rest)?;
            Some(Numbered { producer, first: Sequence::new(read::short(rest)?) })
        })?,
        transactional: read::flag(rest)?,
        messages: read::list(rest, |rest| message::read(rest).map(Arc::new))?,
    })
}

fn write_cursor(out: Out<'_>, cursor: &Cursor) {
    write::long(out, cursor.floor.0);
    write::list(out, &cursor.done, |out, (from, to)| {
        write::long(out, from.0);
        write::long(out, to.0);
    });
    write::list(out, &cursor.tried, write_tried);
    write::list(out, &cursor.doomed, |out, (offset, why)| {
        write::long(out, offset.0);
        write::text(out, why);
    });
}

fn read_cursor(rest: In<'_, '_>) -> Option<Cursor> {
    Some(Cursor {
        floor: read_offset(rest)?,
        done: read::list(rest, |rest| Some((read_offset(rest)?, read_offset(rest)?)))?,
        tried: read::list(rest, read_tried)?,
        doomed: read::list(rest, |rest| Some((read_offset(rest)?, read::text(rest)?.into())))?,
    })
}

fn write_tried(out: Out<'_>, tried: &Tried) {
    write::long(out, tried.offset.0);
    write::short(out, tried.attempts);
    write::long(out, tried.until.as_nanos());
}

fn read_tried(rest: In<'_, '_>) -> Option<Tried> {
    let offset = read_offset(rest)?;
    Some(Tried { offset, attempts: read::short(rest)?, until: read_wall(rest)? })
}

fn write_placed(out: Out<'_>, placed: &Placed) {
    write::short(out, placed.first.get());
    write::short(out, placed.messages);
    write::option(out, placed.offset, |out, offset| write::long(out, offset.0));
}

fn read_placed(rest: In<'_, '_>) -> Option<Placed> {
    let first = Sequence::new(read::short(rest)?);
    Some(Placed { first, messages: read::short(rest)?, offset: read::option(rest, read_offset)? })
}

fn read_offset(rest: In<'_, '_>) -> Option<Offset> {
    read::long(rest).map(Offset)
}

fn read_wall(rest: In<'_, '_>) -> Option<Wall> {
    read::long(rest).map(Wall::from_nanos)
}

fn read_group(rest: In<'_, '_>) -> Option<Group> {
    read::text(rest).map(Group::from)
}
