//! Fifty requests of each order at the same time, in a process that is killed: one effect, and the same answer to all.

use cascadia_killing::duplicates;

use crate::support::{number, open, run, told};

const SCHEMA: &str = "CASCADIA_CHILD_SCHEMA";

/// Is started by the test below, and dies by it.
#[test]
#[ignore = "it is a part of another test"]
fn child() {
    if let Some(schema) = told(SCHEMA) {
        run(duplicates::child(open(&schema)));
    }
}

#[test]
#[ignore = "needs a server: .ci/live"]
fn however_often_an_order_comes_it_is_made_once_whenever_the_process_is_killed() {
    let mut all = duplicates::Killed::default();
    let kills = number("CASCADIA_KILLS", 20);
    all.lives(kills, "duplicates::child", &[(SCHEMA, "duplicates")]);
    run(async { all.check(open("duplicates")).await });
}
