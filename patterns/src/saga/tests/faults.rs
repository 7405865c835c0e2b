//! Whatever happens, sagas end, and what is left of them is what their end says.

use super::world::{Flaw, Planted, without_fence, without_lease, without_tombstone, world};
use crate::messaging::tests::{cases, run};

#[test]
fn whatever_happens_a_saga_is_done_or_undone() {
    let mut ends = [0; 2];
    for seed in 0..cases(300) {
        match run(world(seed, Planted::default())) {
            Ok(ended) => (0..2).for_each(|at| ends[at] += ended[at]),
            Err(wrong) => panic!("seed {seed}: {wrong}"),
        }
    }
    assert!(ends.iter().all(|times| *times > 50), "{ends:?}");
}

fn is_found(planted: Planted) -> bool {
    (0..300).any(|seed| run(world(seed, planted)).is_err())
}

/// Planted: an undo that comes before its action leaves nothing, and the action is done when it comes.
#[test]
fn a_missing_tombstone_is_found() {
    let at_participants = Some(without_tombstone as fn(&mut _));
    assert!(is_found(Planted { at_participants, ..Planted::default() }));
}

/// Planted: nobody asks who is in charge.
#[test]
fn a_missing_fence_is_found() {
    let at_participants = Some(without_fence as fn(&mut _));
    assert!(is_found(Planted { at_participants, ..Planted::default() }));
}

/// Planted: the undo says that it has undone something, and has not.
#[test]
fn a_broken_compensation_is_found() {
    assert!(is_found(Planted { flaw: Flaw::BrokenUndo, ..Planted::default() }));
}

/// Planted: the effect is committed, and then the note of it.
#[test]
fn an_effect_outside_of_the_transaction_is_found() {
    assert!(is_found(Planted { flaw: Flaw::NotAtomic, ..Planted::default() }));
}

/// Planted: who was paused writes on as if the saga were still its own.
#[test]
fn a_lease_that_outlives_the_pause_of_its_holder_is_found() {
    let at_orchestrators = Some(without_lease as fn(&mut _));
    assert!(is_found(Planted { at_orchestrators, ..Planted::default() }));
}
