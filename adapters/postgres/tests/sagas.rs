//! An orchestrator and its participants on one server, in a process that is killed at each of their commits.

use cascadia_killing::saga;

use crate::support::{number, open, run, told};

const SCHEMA: &str = "CASCADIA_CHILD_SCHEMA";

/// Is started by the test below, and dies by it.
#[test]
#[ignore = "it is a part of another test"]
fn child() {
    if let Some(schema) = told(SCHEMA) {
        run(saga::child(open(&schema)));
    }
}

/// Twenty times at each commit with `CASCADIA_KILLS=500`.
#[test]
#[ignore = "needs a server: .ci/live"]
fn a_saga_comes_to_the_same_end_when_its_process_is_killed_at_every_commit() {
    let place = |name: &str| vec![(SCHEMA, format!("sagas_{name}"))];
    saga::at_every_commit("sagas::child", place, number("CASCADIA_KILLS", 20).div_ceil(25));
}
