//! Members with a fault that is known, each of which the same checker has to find.

mod doubles;

use self::doubles::{
    CommitsByCounting, ForgetsVotes, KeepsConflicts, LiesAboutWrites, ReadsAlone, VotesForAnybody,
};
use super::checker::Violation;
use super::world::{Between, World};

/// The worlds that are tried.
const MOST: u64 = 1_000;

/// Which of these is broken first when a disk has not what it should is a matter of luck.
const LOST: [&str; 3] = ["leader completeness", "log matching", "state machine safety"];

/// The property that is broken in the first world in which the fault does more than halt the
/// members, while nobody compares what is said with what is on disk.
fn found(between: fn() -> Box<dyn Between>) -> &'static str {
    let broken = |seed| {
        let violation: Violation = World::new(seed, false, between).run().err()?;
        (violation.0 != "liveness").then_some((seed, violation))
    };
    let (seed, violation) = (0..MOST).find_map(broken).expect("no world shows it");
    let (property, figures) = violation;
    // Shown with `--nocapture`, and when a test fails.
    #[expect(clippy::print_stdout, reason = "how many worlds it took is worth knowing")]
    {
        println!("world {seed} shows it: {property}: {figures}");
    }
    property
}

/// It votes twice in a term.
#[test]
fn a_vote_that_a_crash_undoes_is_found() {
    assert_eq!(found(|| Box::new(ForgetsVotes)), "election safety");
}

/// What a majority had is gone with a crash.
#[test]
fn an_acknowledgement_before_the_disk_has_it_is_found() {
    let property = found(|| Box::new(LiesAboutWrites));
    assert!(LOST.contains(&property), "{property}");
}

/// Figure 8 of the paper: what a majority has is replaced all the same.
#[test]
fn an_entry_of_an_old_term_that_is_committed_by_counting_is_found() {
    assert_eq!(found(|| Box::<CommitsByCounting>::default()), "leader completeness");
}

/// After a restart it has what others have not.
#[test]
fn a_conflict_that_is_not_truncated_is_found() {
    let property = found(|| Box::<KeepsConflicts>::default());
    assert!(LOST.contains(&property), "{property}");
}

/// Who lacks what is committed leads (§5.4.1).
#[test]
fn a_vote_for_a_candidate_with_an_older_log_is_found() {
    assert_eq!(found(|| Box::<VotesForAnybody>::default()), "leader completeness");
}

/// It leads no more and does not know.
#[test]
fn a_read_that_nobody_else_confirms_is_found() {
    assert_eq!(found(|| Box::new(ReadsAlone)), "linearizability");
}
