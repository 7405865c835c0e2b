use std::time::Duration;

use crate::saga::definition::{DefinitionError, Kind, Step, Steps};

fn error(steps: Steps) -> DefinitionError {
    steps.build().unwrap_err()
}

fn undoable() -> Step {
    Step::compensatable("a", "p")
}

#[test]
fn steps_that_could_neither_complete_nor_go_back_are_no_saga() {
    let saga = || Steps::new("order", 1);
    assert_eq!(error(saga()), DefinitionError::NoStep);
    assert_eq!(
        error(saga().then(undoable()).then(undoable())),
        DefinitionError::SameName("a".into())
    );
    let two = saga().then(Step::pivot("b", "p")).then(Step::pivot("c", "p"));
    assert_eq!(error(two), DefinitionError::SecondPivot("c".into()));
    let behind = saga().then(Step::pivot("b", "p")).then(undoable());
    assert_eq!(error(behind), DefinitionError::NotRetriable("a".into()));
    let after = saga().then(Step::retriable("b", "p")).then(undoable());
    assert_eq!(error(after), DefinitionError::NotRetriable("a".into()));
    let none = saga().then(Step { undo: false, ..undoable() });
    assert_eq!(error(none), DefinitionError::NoUndo("a".into()));
    let locks = saga().then(Step { locks: true, ..Step::reading("a", "p") });
    assert_eq!(error(locks), DefinitionError::NoUndo("a".into()), "nobody would release it");
    let beside = saga().together([undoable(), Step::pivot("b", "p")]);
    assert_eq!(error(beside), DefinitionError::BesidePivot("b".into()));
    let mixed = saga().together([undoable(), Step::retriable("b", "p")]);
    assert_eq!(error(mixed), DefinitionError::NotRetriable("a".into()));
    let never = saga().then(Step { timeout: Duration::ZERO, ..undoable() });
    assert_eq!(error(never), DefinitionError::NoAttempt("a".into()));
    let reads = saga().then(Step::reading("a", "p")).then(Step::pivot("b", "p"));
    assert_eq!(reads.build().unwrap().steps()[0].kind, Kind::Reading);
}
