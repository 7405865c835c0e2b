use std::sync::Arc;
use std::time::Duration;

use super::scripted::{Driven, done, failed, order, order_of, refused};
use crate::messaging::Bytes;
use crate::saga::definition::{Siblings, Step, Steps};
use crate::saga::state::Phase;
use crate::saga::{Direction, Fault, Order, Outcome, Record};
use crate::testing::ms;

use Direction::{Do, Release, Undo};

fn phase(saga: &Driven) -> Phase {
    saga.saga.state().phase()
}

#[test]
fn steps_are_done_in_their_order_and_then_it_has_completed() {
    let mut saga = Driven::begin(&order());
    for step in ["reserve", "book", "charge", "confirm"] {
        assert_eq!(saga.asked(), (step, Do, 1));
        saga.end(done());
    }
    assert_eq!((phase(&saga), saga.open.len()), (Phase::Completed, 0));
}

/// † A step that was refused has done nothing and is not undone; those before it are, the last one first.
#[test]
fn what_was_done_before_a_refusal_is_undone_in_reverse() {
    let mut saga = Driven::begin(&order());
    saga.end(done());
    saga.end(done());
    saga.end(refused());
    for step in ["book", "reserve"] {
        assert_eq!(saga.asked(), (step, Undo, 1));
        saga.end(done());
    }
    assert_eq!(phase(&saga), Phase::Compensated);
}

/// † Nobody knows whether the step was done, so it is undone, too.
#[test]
fn what_is_unknown_is_undone_as_well() {
    let mut saga = Driven::begin(&order());
    saga.end(done());
    for attempt in 1..=3 {
        assert_eq!(saga.asked(), ("book", Do, attempt));
        saga.open.clear();
        saga.wait();
        if attempt < 3 {
            saga.wait();
        }
    }
    assert_eq!(saga.asked(), ("book", Undo, 1));
}

/// A copy of a command that has failed may still be on its way, and do what the first one did not.
#[test]
fn what_has_only_failed_is_undone_as_well() {
    let mut saga = Driven::begin(&order());
    for _ in 0..2 {
        saga.end(failed());
        saga.wait();
    }
    saga.end(failed());
    assert_eq!(saga.asked(), ("reserve", Undo, 1));
}

#[test]
fn a_fault_of_a_final_kind_is_not_tried_again() {
    let finals = vec!["busy".into()];
    let step = Step { finals, ..Step::compensatable("reserve", "inventory") };
    let mut saga = Driven::begin(&Steps::new("order", 1).then(step).build().unwrap());
    saga.end(Outcome::Failed(Fault::new("slow", "")));
    saga.wait();
    assert_eq!(saga.asked(), ("reserve", Do, 2));
    saga.end(failed());
    assert_eq!(saga.asked(), ("reserve", Undo, 1));
}

/// † Behind the pivot nothing is undone: what fails is tried for ever.
#[test]
fn behind_the_pivot_it_goes_on_for_ever() {
    let mut saga = Driven::begin(&order());
    (0..3).for_each(|_| drop(saga.end(done())));
    for attempt in 1..200 {
        assert_eq!(saga.asked(), ("confirm", Do, attempt));
        saga.end(if attempt % 2 == 0 { failed() } else { refused() });
        saga.wait();
    }
    assert!(!saga.order(&Order::Cancel), "it is too late for that");
    saga.end(done());
    assert_eq!(phase(&saga), Phase::Completed);
}

/// A pivot that cannot be undone must say yes or no, even to a saga that is cancelled meanwhile.
#[test]
fn a_pivot_without_an_undo_is_asked_until_it_has_answered() {
    for (answer, end) in [(done(), "confirm"), (refused(), "book")] {
        let mut saga = Driven::begin(&order());
        (0..2).for_each(|_| drop(saga.end(done())));
        assert!(saga.order(&Order::Cancel));
        for attempt in 1..9 {
            assert_eq!(saga.asked(), ("charge", Do, attempt));
            saga.open.clear();
            saga.wait();
            saga.wait();
        }
        saga.end(answer);
        assert_eq!(saga.asked().0, end);
    }
}

#[test]
fn a_pivot_with_an_undo_is_given_up_like_any_other() {
    let pivot = Step { undo: true, ..Step::pivot("charge", "payment") };
    let mut saga = Driven::begin(&order_of(pivot));
    (0..2).for_each(|_| drop(saga.end(done())));
    for _ in 0..2 {
        saga.end(Outcome::Unknown);
        saga.wait();
    }
    saga.end(Outcome::Unknown);
    assert_eq!(saga.asked(), ("charge", Undo, 1));
}

/// † Eventuate Tram ends a saga whose compensation has failed, and unlocks what it has left.
#[test]
fn a_compensation_that_fails_is_stuck_and_does_not_end() {
    let mut saga = Driven::begin(&order());
    saga.end(done());
    saga.end(refused());
    for attempt in 1..=10 {
        assert_eq!(saga.asked(), ("reserve", Undo, attempt));
        saga.end(failed());
        if attempt < 10 {
            saga.wait();
        }
    }
    assert_eq!((phase(&saga), saga.open.len()), (Phase::Stuck(0), 0));
    assert!(!saga.order(&Order::Skip { step: "book".into() }), "it is not stuck at that");
    assert!(saga.order(&Order::Retry));
    assert_eq!(saga.asked(), ("reserve", Undo, 1));
    (0..9).for_each(|_| {
        saga.end(failed());
        saga.wait();
    });
    saga.end(failed());
    assert!(saga.order(&Order::Skip { step: "reserve".into() }));
    assert_eq!(phase(&saga), Phase::Compensated);
}

#[test]
fn an_operator_ends_what_would_be_tried_for_ever() {
    let mut saga = Driven::begin(&order());
    (0..3).for_each(|_| drop(saga.end(done())));
    saga.end(failed());
    assert!(saga.order(&Order::Skip { step: "confirm".into() }));
    assert_eq!(phase(&saga), Phase::Completed);
}

/// Forced back from behind its pivot, it is stuck at what has no undo, and an operator must see to that.
#[test]
fn forced_back_it_is_stuck_at_what_cannot_be_undone() {
    let mut saga = Driven::begin(&order());
    (0..3).for_each(|_| drop(saga.end(done())));
    assert!(saga.order(&Order::Force));
    assert_eq!(phase(&saga), Phase::Stuck(3));
    assert!(saga.order(&Order::Skip { step: "confirm".into() }));
    assert_eq!(phase(&saga), Phase::Stuck(2));
    assert!(saga.order(&Order::Skip { step: "charge".into() }));
    saga.open.clear();
    saga.wait();
    saga.wait();
    assert_eq!(saga.asked(), ("book", Undo, 2));
}

fn parallel(siblings: Siblings) -> Driven {
    let steps = Steps::new("trip", 1)
        .then(Step::compensatable("plan", "desk"))
        .together(["hotel", "flight", "car"].map(|name| Step::compensatable(name, name)))
        .siblings(siblings)
        .then(Step::retriable("tell", "desk"));
    let mut saga = Driven::begin(&steps.build().unwrap());
    saga.end(done());
    assert_eq!(saga.open.len(), 3);
    saga
}

#[test]
fn parallel_steps_are_joined() {
    let mut saga = parallel(Siblings::Wait);
    (0..2).for_each(|_| drop(saga.end(done())));
    assert_eq!(saga.asked(), ("car", Do, 1));
    saga.end(done());
    assert_eq!(saga.asked(), ("tell", Do, 1));
}

/// What is done is undone in the reverse of the order in which it was done, whatever order it was asked in.
#[test]
fn siblings_are_waited_for_and_undone_in_reverse() {
    let mut saga = parallel(Siblings::Wait);
    let [hotel, flight, car] = std::array::from_fn(|at| saga.open[at].clone());
    saga.open.clear();
    saga.tell(&car, done());
    saga.tell(&flight, refused());
    assert!(saga.open.is_empty(), "the hotel has not answered");
    saga.tell(&hotel, done());
    for step in ["hotel", "car", "plan"] {
        assert_eq!(saga.asked(), (step, Undo, 1));
        saga.end(done());
    }
    assert_eq!(phase(&saga), Phase::Compensated);
}

#[test]
fn siblings_that_are_cancelled_are_undone_whatever_becomes_of_them() {
    let mut saga = parallel(Siblings::Cancel);
    let [hotel, flight, car] = std::array::from_fn(|at| saga.open[at].clone());
    saga.open.clear();
    saga.tell(&car, done());
    saga.tell(&flight, refused());
    assert_eq!(saga.asked(), ("hotel", Undo, 1));
    saga.tell(&hotel, done());
    assert_eq!(saga.asked(), ("hotel", Undo, 1), "what is done late changes nothing");
    saga.end(done());
    assert_eq!(saga.asked(), ("car", Undo, 1));
}

#[test]
fn a_saga_that_takes_too_long_goes_back_unless_it_has_passed_its_pivot() {
    let timed = |pivot| {
        let steps = Steps::new("order", 1)
            .then(Step { signal: Some("paid".into()), ..pivot })
            .then(Step::retriable("b", "p"))
            .timeout(Duration::from_secs(60));
        Driven::begin(&steps.build().unwrap())
    };
    let mut saga = timed(Step::compensatable("a", "p"));
    assert!(saga.open.is_empty(), "it waits for a signal");
    saga.wait();
    assert_eq!(phase(&saga), Phase::Compensated);

    let mut saga = timed(Step::pivot("a", "p"));
    assert!(saga.order(&Order::Signal { name: "paid".into(), body: Bytes::from("7") }));
    assert_eq!(saga.asked(), ("a", Do, 1));
    saga.end(done());
    saga.now = saga.now + Duration::from_secs(3_600);
    saga.resume(saga.entries.len());
    saga.wait();
    assert_eq!(saga.open.last().map(|it| (&*it.step, it.attempt)), Some(("b", 2)));
}

/// A lock that is taken costs no attempt, and time.
#[test]
fn a_lock_is_waited_for_as_long_as_it_was_said() {
    let lock_wait = ms(1_000);
    let step = Step { lock_wait, locks: true, ..Step::compensatable("reserve", "inventory") };
    let steps = || Steps::new("order", 1).then(step.clone()).build().unwrap();
    let mut saga = Driven::begin(&steps());
    for _ in 0..10 {
        assert_eq!(saga.asked(), ("reserve", Do, 1));
        saga.end(Outcome::Locked("6".into()));
        saga.wait();
    }
    assert_eq!(saga.asked(), ("reserve", Undo, 1), "a place in line is given up, too");

    let mut saga = Driven::begin(&steps());
    saga.end(Outcome::Locked("6".into()));
    saga.wait();
    saga.end(done());
    assert_eq!(saga.asked(), ("reserve", Release, 1));
    saga.end(Outcome::Unknown);
    saga.wait();
    saga.end(done());
    assert_eq!(phase(&saga), Phase::Completed);
}

/// † Eventuate Tram does not compare a reply with what was last asked. Here, that an earlier attempt has failed says nothing.
#[test]
fn a_late_answer_of_an_earlier_attempt_only_counts_if_it_is_one() {
    let mut saga = Driven::begin(&order());
    let first = saga.open.remove(0);
    saga.wait();
    saga.wait();
    saga.tell(&first, failed());
    assert_eq!(saga.asked(), ("reserve", Do, 2));
    saga.tell(&first, done());
    assert_eq!(saga.open.last().map(|it| &*it.step), Some("book"));
    let before = saga.entries.len();
    saga.tell(&first, refused());
    assert_eq!(saga.entries.len(), before, "it is done");
}

/// Whoever is told of a later epoch leaves the saga alone.
#[test]
fn a_later_epoch_ends_it_here() {
    let mut saga = Driven::begin(&order());
    saga.end(Outcome::Fenced(crate::saga::Epoch(2)));
    assert!(saga.saga.is_fenced() && saga.open.is_empty());
}

/// Killed at each place of its log, it goes on to the same end.
#[test]
fn it_ends_the_same_wherever_its_log_is_cut() {
    let charges = [done(), refused()];
    for charge in charges {
        let answer = |step: &str| if step == "charge" { charge.clone() } else { done() };
        let mut whole = Driven::begin(&order());
        while !phase(&whole).is_end() {
            let step = Arc::clone(&whole.open[0].step);
            whole.end(answer(&step));
        }
        for cut in 1..whole.entries.len() {
            let mut saga = Driven::begin(&order());
            saga.entries.clone_from(&whole.entries);
            saga.resume(cut);
            while !phase(&saga).is_end() {
                let step = Arc::clone(&saga.open[0].step);
                saga.end(answer(&step));
            }
            let records = |saga: &Driven| -> Vec<Record> {
                saga.entries.iter().map(|entry| entry.record.clone()).collect()
            };
            assert_eq!(records(&saga), records(&whole), "cut at {cut}");
        }
    }
}
