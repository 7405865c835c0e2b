use crate::two_phase::{Coordinator, Decision, Ready, Reply, What};

const COMMIT: What = What::Decide(Decision::Commit);
const ABORT: What = What::Decide(Decision::Abort);

fn asks(what: What, of: &[usize]) -> Vec<(usize, What)> {
    of.iter().map(|number| (*number, what)).collect()
}

#[test]
fn it_commits_when_all_have_said_yes_and_is_over_when_all_have_done_it() {
    let mut core = Coordinator::begin(2);
    assert_eq!(core.ready(), Ready { decided: None, asks: asks(What::Prepare, &[0, 1]) });
    core.on_reply(0, What::Prepare, Reply::Yes);
    core.on_reply(1, What::Prepare, Reply::Unknown);
    assert_eq!(core.ready(), Ready { decided: None, asks: asks(What::Prepare, &[1]) });
    core.on_reply(1, What::Prepare, Reply::Yes);
    let decided = Some(Decision::Commit);
    assert_eq!(core.ready(), Ready { decided, asks: asks(COMMIT, &[0, 1]) });
    core.on_timeout();
    core.on_reply(0, COMMIT, Reply::Done);
    core.on_reply(1, COMMIT, Reply::Unknown);
    assert_eq!(core.ready(), Ready { decided: None, asks: asks(COMMIT, &[1]) });
    assert!(!core.is_over());
    core.on_reply(1, COMMIT, Reply::Done);
    assert!(core.is_over());
}

#[test]
fn who_has_said_no_need_not_be_told() {
    let mut core = Coordinator::begin(3);
    core.ready();
    core.on_reply(0, What::Prepare, Reply::Yes);
    core.on_reply(1, What::Prepare, Reply::No);
    let decided = Some(Decision::Abort);
    assert_eq!(core.ready(), Ready { decided, asks: asks(ABORT, &[0, 2]) });
    assert!(core.is_over(), "who has not heard of it asks");
    core.on_reply(1, What::Prepare, Reply::Yes);
    assert_eq!(core.decision(), Some(Decision::Abort), "a vote that comes again changes nothing");
}

#[test]
fn votes_that_are_late_are_none() {
    let mut core = Coordinator::begin(2);
    core.ready();
    core.on_reply(0, What::Prepare, Reply::Yes);
    core.on_timeout();
    core.on_reply(1, What::Prepare, Reply::Yes);
    assert_eq!(core.ready().decided, Some(Decision::Abort));
}

#[test]
fn what_was_decided_before_a_crash_is_told_again_and_not_decided_again() {
    let mut core = Coordinator::committing(2);
    core.on_timeout();
    assert_eq!(core.ready(), Ready { decided: None, asks: asks(COMMIT, &[0, 1]) });
}
