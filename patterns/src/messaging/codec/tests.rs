use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::{Stream, Wall};

use super::{Corrupt, decode, decode_topic, encode, encode_topic};
use crate::messaging::identity::{Numbered, ProducerIdentity, Sequence};
use crate::messaging::ids::Offset;
use crate::messaging::message::Message;
use crate::messaging::partition::{
    Appended, Change, Cursor, Entry, Known, Placed, ProducerState, Tried,
};
use crate::messaging::topic::{Keep, Overflow, TopicSettings};

fn number(stream: &mut Stream) -> u64 {
    let bits = stream.below(65);
    if bits == 0 { 0 } else { stream.next_u64() >> (64 - bits) }
}

fn text(stream: &mut Stream) -> String {
    (0..stream.below(6)).map(|_| ['a', 'é', '\0', '本'][stream.below(4) as usize]).collect()
}

fn maybe<T>(stream: &mut Stream, of: impl FnOnce(&mut Stream) -> T) -> Option<T> {
    (stream.below(2) == 0).then(|| of(stream))
}

fn several<T>(stream: &mut Stream, mut of: impl FnMut(&mut Stream) -> T) -> Vec<T> {
    (0..stream.below(4)).map(|_| of(stream)).collect()
}

fn wall(stream: &mut Stream) -> Wall {
    Wall::from_nanos(number(stream))
}

fn offset(stream: &mut Stream) -> Offset {
    Offset(number(stream))
}

fn producer(stream: &mut Stream) -> ProducerIdentity {
    ProducerIdentity { id: number(stream), epoch: number(stream) as u32 }
}

fn sequence(stream: &mut Stream) -> Sequence {
    Sequence::new(number(stream) as u32)
}

fn tried(stream: &mut Stream) -> Tried {
    Tried { offset: offset(stream), attempts: number(stream) as u32, until: wall(stream) }
}

fn message(stream: &mut Stream) -> Message {
    let mut message = Message {
        id: maybe(stream, |stream| text(stream).into()),
        key: maybe(stream, |stream| text(stream).into()),
        body: maybe(stream, |stream| text(stream).into()),
        expires: maybe(stream, wall),
        ..Message::default()
    };
    for name in several(stream, text) {
        message = message.header(&name, text(stream));
    }
    message
}

fn placed(stream: &mut Stream) -> Placed {
    let first = sequence(stream);
    Placed { first, messages: number(stream) as u32, offset: maybe(stream, offset) }
}

fn change(kind: u64, stream: &mut Stream) -> Change {
    let group = text(stream).into();
    match kind {
        0 => Change::Appended(Appended {
            first: offset(stream),
            at: wall(stream),
            messages: several(stream, |stream| Arc::new(message(stream))),
            numbered: maybe(stream, |stream| Numbered {
                producer: producer(stream),
                first: sequence(stream),
            }),
            transactional: stream.below(2) == 0,
        }),
        1 => Change::Trimmed(offset(stream)),
        2 => Change::Ended(producer(stream), stream.below(2) == 0),
        3 => Change::Producer(ProducerState {
            producer: producer(stream),
            at: wall(stream),
            batches: several(stream, placed),
        }),
        4 => Change::Seen(several(stream, |stream| Known {
            id: text(stream).into(),
            offset: offset(stream),
            at: wall(stream),
        })),
        5 => Change::Cursor(
            group,
            Cursor {
                floor: offset(stream),
                done: several(stream, |stream| (offset(stream), offset(stream))),
                tried: several(stream, tried),
                doomed: several(stream, |stream| (offset(stream), text(stream).into())),
            },
        ),
        6 => Change::Done(group, several(stream, offset)),
        7 => Change::Tried(group, tried(stream)),
        8 => Change::Doomed(group, offset(stream), text(stream).into()),
        _ => Change::Left(group),
    }
}

#[test]
fn every_entry_is_read_as_it_was_written() {
    let mut stream = Stream::from_seed(1);
    for n in 0..3_000 {
        let entry = Entry { index: number(&mut stream), change: change(n % 10, &mut stream) };
        let bytes = encode(&entry);
        assert_eq!(decode(entry.index, &bytes), Ok(entry.clone()));
        assert_eq!(decode(entry.index.wrapping_add(1), &bytes), Err(Corrupt::Damaged));
    }
}

/// A CRC finds every change of one byte, and none of these may be read as something else.
#[test]
fn no_damaged_entry_is_read() {
    let mut stream = Stream::from_seed(2);
    for n in 0..1_000 {
        let entry = Entry { index: n, change: change(n % 10, &mut stream) };
        let mut bytes = encode(&entry);
        let place = stream.below(bytes.len() as u64) as usize;
        bytes[place] ^= 1 + stream.below(255) as u8;
        assert_eq!(decode(n, &bytes), Err(Corrupt::Damaged));
        bytes.truncate(place);
        assert_eq!(decode(n, &bytes), Err(Corrupt::Damaged));
    }
}

/// Whatever the bytes are, reading them ends.
#[test]
fn what_is_whole_and_makes_no_sense_is_damaged() {
    let mut stream = Stream::from_seed(3);
    for _ in 0..1_000 {
        let content = several(&mut stream, |stream| stream.next_u64().to_le_bytes()).concat();
        let bytes = super::envelope::seal(7, |out| out.extend_from_slice(&content));
        if let Ok(entry) = decode(7, &bytes) {
            assert_eq!(encode(&entry), bytes);
        }
    }
}

#[test]
fn what_a_later_version_wrote_is_not_guessed_at() {
    let mut bytes = encode(&Entry { index: 1, change: Change::Trimmed(Offset(7)) });
    bytes[0] = 2;
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&1_u64.to_le_bytes());
    hasher.update(&[2]);
    hasher.update(&bytes[5..]);
    bytes[1..5].copy_from_slice(&hasher.finalize().to_le_bytes());
    assert_eq!(decode(1, &bytes), Err(Corrupt::Version(2)));
}

#[test]
fn the_settings_of_topics_are_read_as_they_were_written() {
    let odd = TopicSettings {
        partitions: 12,
        keep: Keep::LastOfKey,
        retain_for: None,
        retain_bytes: Some(7),
        time_to_live: Some(Duration::from_nanos(1)),
        dedupe: Duration::ZERO,
        bound: Some(u64::MAX),
        overflow: Overflow::DropNew,
        dead_letter: Some("dead".into()),
        keep_last: true,
    };
    for settings in [TopicSettings::default(), TopicSettings::queue(), odd] {
        assert_eq!(decode_topic(&encode_topic(&settings)), Ok(settings));
    }
}

/// Bytes on a disk are read by later versions, which must find these.
#[test]
fn the_bytes_are_golden() {
    let messages = vec![Arc::new(Message::new("b").id("i").key("k").header("h", "v"))];
    let producer = ProducerIdentity { id: 1, epoch: 2 };
    let numbered = Some(Numbered { producer, first: Sequence::new(3) });
    let (first, at) = (Offset(4), Wall::from_nanos(5));
    let appended = Appended { first, at, messages, numbered, transactional: true };
    let bytes = encode(&Entry { index: 6, change: Change::Appended(appended) });
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, GOLDEN);
}

const GOLDEN: &str = "019452d4d701040000000000000005000000000000000101000000000000000200000003000000\
     010100000001010000006901010000006b010000000100000068010000007601010000006200";
