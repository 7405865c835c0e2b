//! That the suite finds what it looks for.

use super::{Journal, Told, attempt};
use crate::store::commit::Commit;
use crate::store::contract::Store;
use crate::store::memory::MemoryStore;
use crate::store::row::Revision;

const SEED: u64 = 1;

/// Looks at a store that holds these commits, where clients were told something of two attempts.
fn check(held: &[Commit], told: [Told; 2]) -> Journal {
    let mut journal = Journal::new(SEED);
    for (number, told) in (0..).zip(told) {
        journal.tell(number, Told::Begun);
        if told != Told::Begun {
            journal.tell(number, told);
        }
    }
    let store = MemoryStore::new();
    let check = async {
        for commit in held {
            store.commit(Commit { given: Vec::new(), ..commit.clone() }).await.unwrap();
        }
        journal.check(&store).await.unwrap();
    };
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(check);
    journal
}

fn committed(revision: u64) -> Told {
    Told::Committed(Revision::new(revision))
}

#[test]
fn what_nobody_knows_of_may_be_there_or_not() {
    let [first, second] = [0, 1].map(|number| attempt(SEED, number));
    assert_eq!(check(std::slice::from_ref(&first), [committed(1), Told::Begun]).commits(), 1);
    assert_eq!(check(&[first, second], [committed(1), Told::Begun]).commits(), 2);
}

#[test]
#[should_panic(expected = "at 1 lost")]
fn a_commit_that_was_acknowledged_and_is_lost_is_found() {
    check(&[attempt(SEED, 0)], [committed(1), committed(2)]);
}

#[test]
#[should_panic(expected = "not what was acknowledged")]
fn commits_in_another_order_are_found() {
    check(&[attempt(SEED, 1), attempt(SEED, 0)], [committed(1), committed(2)]);
}

#[test]
#[should_panic(expected = "nobody has committed this, or not whole")]
fn half_a_commit_is_found() {
    let mut half = attempt(SEED, 0);
    half.writes.pop_last();
    check(&[half], [Told::Begun, Told::Refused]);
}

#[test]
#[should_panic(expected = "nobody has committed this, or not whole")]
fn a_commit_that_was_refused_and_is_there_is_found() {
    check(&[attempt(SEED, 0)], [Told::Refused, Told::Begun]);
}

#[test]
#[should_panic(expected = "two commits have revision 1")]
fn a_revision_that_was_given_twice_is_found() {
    check(&[], [committed(1), committed(1)]);
}
