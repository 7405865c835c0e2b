//! An outbox, a broker and an inbox on one server, in a process that is killed.

use std::collections::BTreeSet;
use std::time::Duration;

use cascadia_killing::{Victim, tell};
use cascadia_patterns::messaging::suite::{Orders, finish, work};
use cascadia_runtime::{Stream, TokioWorld};

use crate::support::{number, open, run, told};

const FIRST: &str = "CASCADIA_CHILD_FIRST";
/// More than any life has time for.
const ORDERS: u64 = 1_000_000;

/// Is started by the test below, and dies by it.
#[test]
#[ignore = "it is a part of another test"]
fn child() {
    if told(FIRST).is_some() {
        let first = number(FIRST, 0);
        let stream = Stream::from_seed(first);
        run(work(TokioWorld::new(), open("orders"), stream, first, tell)).unwrap();
    }
}

#[test]
#[ignore = "needs a server: .ci/live"]
fn what_was_ordered_is_done_once_whenever_the_process_is_killed() {
    let (mut acknowledged, mut draws) = (BTreeSet::new(), Stream::from_seed(1));
    let kills = number("CASCADIA_KILLS", 20);
    for life in 0..kills {
        let first = (life * ORDERS).to_string();
        let child = Victim::start("orders::child", &[(FIRST, &first)]);
        let said = child.live(&mut draws, Duration::from_millis(200));
        acknowledged.extend(said.iter().map(|number| number.parse::<u64>().unwrap()));
        let orders = run(async { Orders::read(&open("orders")).await.unwrap() });
        assert_eq!(orders.broken(&acknowledged), None);
    }
    assert!(acknowledged.len() as u64 > kills, "{} orders", acknowledged.len());
    let orders = run(async {
        let all = finish(TokioWorld::new(), open("orders"), Stream::from_seed(u64::MAX));
        tokio::time::timeout(Duration::from_secs(60), all).await.expect("all is done").unwrap()
    });
    assert_eq!(orders.broken(&acknowledged), None);
}
