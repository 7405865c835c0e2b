//! What a file says after a crash, and after damage.

use std::sync::Arc;

use proptest::prelude::*;

use crate::raft::wal::{Corrupt, encode, recover};
use crate::raft::{Entry, Hard, MemberId, Payload, Persist, Saved};

fn command(term: u64, index: u64, bytes: &[u8]) -> Entry {
    Entry { term, index, payload: Payload::Command(Arc::from(bytes)) }
}

/// Three writes, the last of which replaces an entry; with where each ends.
fn written() -> (Vec<u8>, [usize; 3], Saved) {
    let hard = Hard { term: 2, voted_for: Some(MemberId(7)) };
    let noop = Entry { term: 1, index: 1, payload: Payload::Noop };
    let append = vec![noop.clone(), command(1, 2, b"old")];
    let writes = [
        Persist {
            number: 1,
            hard: Some(Hard { term: 1, voted_for: None }),
            truncate_from: None,
            append,
        },
        Persist { number: 2, hard: Some(hard), truncate_from: None, append: Vec::new() },
        Persist {
            number: 3,
            hard: None,
            truncate_from: Some(2),
            append: vec![command(2, 2, b"new")],
        },
    ];
    let mut file = Vec::new();
    let ends = writes.map(|write| {
        file.extend(encode(file.len() as u64, &write));
        file.len()
    });
    (file, ends, Saved { hard, entries: vec![noop, command(2, 2, b"new")] })
}

#[test]
fn all_that_was_written_is_recovered() {
    let (file, ends, saved) = written();
    let recovered = recover(&file).unwrap();
    assert_eq!((recovered.saved, recovered.valid), (saved, ends[2]));
    assert_eq!(recover(&[]).unwrap().saved, Saved::default());
}

#[test]
fn a_file_that_ends_anywhere_has_its_whole_records() {
    let (file, ends, _) = written();
    for length in 0..file.len() {
        let whole = ends.iter().filter(|end| **end <= length).max().copied().unwrap_or(0);
        assert_eq!(recover(&file[..length]).unwrap().valid, whole, "of {length} bytes");
    }
}

#[test]
fn damage_before_a_whole_record_is_an_error_and_in_the_last_one_is_not() {
    let (file, ends, _) = written();
    for place in 0..file.len() {
        let mut file = file.clone();
        file[place] ^= 1;
        let start = [0, ends[0], ends[1]].into_iter().rfind(|start| *start <= place).unwrap();
        match recover(&file) {
            Ok(recovered) => assert_eq!((recovered.valid, start), (ends[1], ends[1])),
            Err(error) => assert_eq!((error, start < ends[1]), (Corrupt { offset: start }, true)),
        }
    }
}

#[test]
fn a_record_that_does_not_fit_is_an_error() {
    let gap =
        Persist { number: 1, hard: None, truncate_from: None, append: vec![command(1, 2, b"")] };
    assert_eq!(recover(&encode(0, &gap)), Err(Corrupt { offset: 0 }));
}

/// A command may be a record itself, and is none where it is.
#[test]
fn a_record_in_a_command_is_no_record() {
    let (file, ..) = written();
    let write =
        Persist { number: 1, hard: None, truncate_from: None, append: vec![command(1, 1, &file)] };
    let outer = encode(0, &write);
    assert_eq!(recover(&outer[..outer.len() - 1]).unwrap().valid, 0);
}

/// Writes as a member asks for them: each changes the term or not, may take entries away that are
/// there, and adds some.
fn writes() -> impl Strategy<Value = Vec<(bool, Option<u64>, u64)>> {
    prop::collection::vec((any::<bool>(), prop::option::of(0..4_u64), 0..4_u64), 2..6)
}

proptest! {
    #[test]
    fn writes_in_one_are_as_those_after_each_other(writes in writes()) {
        let (mut last, mut file, mut whole) = (0, Vec::new(), None::<Persist>);
        for (number, (is_hard, taken, added)) in (1..).zip(writes) {
            let from = taken.map(|taken| 1 + last.max(taken) - taken);
            let first = from.unwrap_or(last + 1);
            last = first + added - 1;
            let append = (first..=last).map(|index| command(number, index, b"x")).collect();
            let hard = is_hard.then_some(Hard { term: number, voted_for: None });
            let persist = Persist { number, hard, truncate_from: from, append };
            file.extend(encode(file.len() as u64, &persist));
            whole = Some(match whole {
                Some(before) => before.then(persist),
                None => persist,
            });
        }
        let whole = encode(0, &whole.unwrap());
        prop_assert_eq!(recover(&whole).unwrap().saved, recover(&file).unwrap().saved);
    }

    #[test]
    fn no_bytes_make_it_panic(file: Vec<u8>) {
        let _ = recover(&file);
    }
}
