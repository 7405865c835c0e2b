use cascadia_patterns::saga::Epoch;
use cascadia_runtime::Draw;

use super::*;
use crate::effects::under_way::UnderWay;
use crate::ids::ServiceId;

fn at(nanos: u64) -> Time {
    Time::from_nanos(nanos)
}

fn command(step: &str, direction: Direction, attempt: u32) -> Command {
    Command {
        saga: "7".into(),
        step: step.into(),
        direction,
        epoch: Default::default(),
        attempt,
        must: false,
        input: "".into(),
        outputs: [].into(),
    }
}

fn witness() -> Witness {
    let witness = Witness::new(vec!["a".into(), "b".into()]);
    witness.saw("7".into(), Sight::Live, at(1));
    witness
}

#[test]
fn a_lock_that_outlives_its_saga_and_a_step_without_its_lock_are_found() {
    let (witness, locks) = (witness(), Arc::new(Locks::default()));
    witness.locks_at(&locks);
    locks.changed("stock".into(), Some("7".into()), at(2));
    assert_eq!((witness.broken().left, witness.broken().without), (0, 0));
    assert_eq!(witness.holdings().since, Some(at(2)));
    witness.saw("7".into(), Sight::Completed, at(3));
    locks.changed("stock".into(), None, at(4));
    assert_eq!(witness.broken().left, 1, "it had ended by then");
    locks.changed("stock".into(), Some("7".into()), at(5));
    locks.changed("bank".into(), Some("7".into()), at(5));
    assert_eq!(witness.broken().left, 2, "what has ended locks nothing");
    witness.without_lock();
    assert_eq!(witness.broken().without, 1);
}

#[test]
fn the_first_orphan_is_told_with_what_was_done_last_at_the_step() {
    let witness = witness();
    for (attempt, nanos) in [(1, 2_000_000), (2, 3_000_000)] {
        let work = Work { at: at(nanos), key: nanos, by: None };
        witness.heard(&command("a", Direction::Do, attempt), work, Some(Vec::new()));
    }
    assert_eq!(witness.orphan(), None, "it has not ended");
    witness.saw("6".into(), Sight::Completed, at(9_000_000));
    witness.saw("7".into(), Sight::Completed, at(8_000_000));
    let orphan = witness.orphan().unwrap();
    let why = "it has completed, and a was done 2 times and undone 0 times, the last by attempt 2 at 0.003 s";
    assert_eq!((orphan.why.as_str(), orphan.noticed), (why, at(8_000_000)));
    assert_eq!(orphan.begun, Some(at(1)));
    assert_eq!(witness.deeds(&"7".into()).len(), 2);
}

#[test]
fn what_is_done_together_may_be_undone_in_any_order_and_what_follows_must_be_undone_before() {
    let undone = |order: [&str; 2], stages: [usize; 2]| {
        let witness = Witness { stages: stages.into(), ..witness() };
        let work = Work { at: at(2), key: 0, by: None };
        for step in ["a", "b"] {
            witness.heard(&command(step, Direction::Do, 1), work, Some(Vec::new()));
        }
        for step in order {
            witness.heard(&command(step, Direction::Undo, 1), work, Some(Vec::new()));
        }
        witness.broken().disordered
    };
    assert_eq!([undone(["b", "a"], [0, 1]), undone(["a", "b"], [0, 1])], [0, 1]);
    assert_eq!([undone(["b", "a"], [0, 0]), undone(["a", "b"], [0, 0])], [0, 0]);
}

fn drawn(draw: &mut Draw) -> Command {
    let direction = [Direction::Do, Direction::Undo][draw.next_u64() as usize % 2];
    let step = ["a", "b"][draw.next_u64() as usize % 2];
    Command {
        saga: format!("saga {}", draw.next_u64() % 5).as_str().into(),
        epoch: Epoch(draw.next_u64() % 3),
        ..command(step, direction, 1)
    }
}

/// Whatever is told of sagas in whatever order, how they stand together is what each of them says of itself.
#[test]
fn they_stand_together_as_each_of_them_stands() {
    const SIGHTS: [Sight; 4] = [Sight::Live, Sight::Stuck, Sight::Completed, Sight::Compensated];
    for seed in 0..200 {
        let witness = Witness::new(vec!["a".into(), "b".into()]);
        let draw = &mut Draw::new(seed, 0, 0);
        for nanos in 0..50 {
            let command = drawn(draw);
            let work = Work { key: draw.next_u64() % 3, at: at(nanos), by: None };
            match draw.next_u64() % 4 {
                0 => witness.saw(command.saga, SIGHTS[draw.next_u64() as usize % 4], at(nanos)),
                1 => witness.heard(&command, work, None),
                2 => witness.heard(&command, work, Some(Vec::new())),
                _ => witness.did(&command, work, None),
            }
            let told = witness.told.borrow_mut();
            let all = told.tales.values().map(|tale| tale.tally(&witness.steps));
            let sum = all.fold(Tally::default(), |sum, one| sum.moved(Tally::default(), one));
            assert_eq!(told.tally, sum, "by seed {seed}");
            assert_eq!(sum.started, told.tales.len() as u64);
        }
    }
}

struct Notes(Local<Vec<SagaId>>);

impl Keeper for Notes {
    fn forget(&self, saga: &SagaId) {
        self.0.borrow_mut().push(saga.clone());
    }
}

/// A saga of which two tries are under way, and what is done for it when it ends with one of them left.
fn ended(steps: &[&str]) -> (Arc<Witness>, Arc<Notes>) {
    let (witness, notes) = (Arc::new(witness()), Arc::new(Notes(Local::default())));
    let keeper: Arc<dyn Keeper> = Arc::clone(&notes) as _;
    witness.kept_by(&keeper);
    let tries = ["7", "7"].map(|saga| UnderWay::new(&witness, saga.into()));
    for step in steps {
        let work = Work { at: at(2), key: 1, by: None };
        witness.heard(&command(step, Direction::Do, 1), work, Some(Vec::new()));
    }
    let [first, last] = tries;
    drop(first);
    witness.saw("7".into(), Sight::Completed, at(3));
    assert_eq!(witness.kept(), 1, "a try may still come");
    drop(last);
    (witness, notes)
}

#[test]
fn a_saga_that_has_ended_well_is_forgotten_when_nothing_is_under_way_for_it() {
    let (witness, notes) = ended(&["a", "b"]);
    assert_eq!((witness.kept(), &notes.0.borrow_mut()[..]), (0, &["7".into()][..]));
    let tally = witness.tally();
    assert_eq!((tally.started, tally.completed, tally.orphans), (1, 1, 0), "it still counts");
}

#[test]
fn a_saga_with_which_something_is_wrong_is_kept() {
    for steps in [&["a"][..], &["a", "a", "b"]] {
        let (witness, notes) = ended(steps);
        assert_eq!((witness.kept(), notes.0.borrow_mut().len()), (1, 0));
        assert!(witness.orphan().is_some());
    }
    let (witness, locks) = (witness(), Arc::new(Locks::default()));
    let keeper: Arc<dyn Keeper> = Arc::new(Notes(Local::default()));
    witness.kept_by(&keeper);
    witness.locks_at(&locks);
    locks.changed("stock".into(), Some("7".into()), at(2));
    witness.saw("7".into(), Sight::Compensated, at(3));
    assert_eq!((witness.kept(), witness.broken().left), (1, 1));
}

/// Whoever has heard of an epoch at one step knows of it at all others.
#[test]
fn what_is_done_for_an_epoch_that_is_over_is_found_at_whoever_has_heard_of_a_later_one() {
    let stale = |by: [u32; 2]| {
        let witness = witness();
        for ((step, epoch), by) in [("a", 2), ("b", 1)].into_iter().zip(by) {
            let work = Work { at: at(2), key: 0, by: Some(ServiceId(by)) };
            let command = Command { epoch: Epoch(epoch), ..command(step, Direction::Do, 1) };
            witness.heard(&command, work, Some(Vec::new()));
        }
        witness.broken().stale
    };
    assert_eq!([stale([0, 0]), stale([0, 1])], [1, 0]);
}
