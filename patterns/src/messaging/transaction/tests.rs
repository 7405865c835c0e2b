use std::collections::BTreeSet;
use std::time::Duration;

use cascadia_runtime::Time;

use super::{TRANSACTION_TIMEOUT, TransactionCore, Verdict};
use crate::messaging::conclusion::{Conclusion, End};
use crate::messaging::error::BrokerError;
use crate::messaging::identity::ProducerIdentity;
use crate::messaging::ids::Partition;

const PRODUCER: ProducerIdentity = ProducerIdentity { id: 1, epoch: 0 };

fn at(seconds: u64) -> Time {
    Time::ZERO + Duration::from_secs(seconds)
}

fn to(number: u32) -> Partition {
    Partition::new("t", number)
}

fn commit() -> Conclusion {
    Conclusion { producer: PRODUCER, end: End::Commit(Vec::new()) }
}

fn open() -> TransactionCore {
    let mut core = TransactionCore::new(TRANSACTION_TIMEOUT);
    core.on_batch(at(0), PRODUCER, &to(0)).unwrap();
    core.on_batch(at(1), PRODUCER, &to(1)).unwrap();
    core
}

#[test]
fn a_transaction_ends_once_wherever_it_was() {
    let mut core = open();
    let Ok(Verdict::Decided(decision)) = core.conclude(&commit()) else { panic!() };
    assert_eq!(decision.partitions, BTreeSet::from([to(0), to(1)]));
    assert!(decision.commit);
    // Until that is carried out, there can be no other.
    let early = core.on_batch(at(2), PRODUCER, &to(0));
    assert!(matches!(early, Err(BrokerError::Unavailable(_))));
    core.on_ended(PRODUCER);
    assert_eq!(core.conclude(&commit()), Ok(Verdict::Already));
    assert_eq!(core.on_batch(at(3), PRODUCER, &to(0)), Ok(()));
}

/// Half a transaction must not be committed as if it were whole.
#[test]
fn what_was_aborted_for_taking_too_long_cannot_be_committed() {
    let mut core = open();
    assert_eq!(core.next_deadline(), at(60));
    assert_eq!(core.on_tick(at(59)), []);
    let decisions = core.on_tick(at(60));
    assert!(!decisions[0].commit);
    assert_eq!(core.on_batch(at(61), PRODUCER, &to(0)), Err(BrokerError::NoTransaction));
    assert_eq!(core.conclude(&commit()), Err(BrokerError::NoTransaction));
    let abort = Conclusion { producer: PRODUCER, end: End::Abort };
    assert_eq!(core.conclude(&abort), Ok(Verdict::Already));
    assert_eq!(core.on_batch(at(62), PRODUCER, &to(0)), Ok(()));
}

#[test]
fn a_new_producer_of_the_same_name_aborts_and_fences_the_last_one() {
    let mut core = open();
    let next = ProducerIdentity { epoch: 1, ..PRODUCER };
    let decision = core.fence(next).unwrap();
    assert!(!decision.commit && decision.partitions.len() == 2);
    assert_eq!(core.conclude(&commit()), Err(BrokerError::Fenced));
    assert_eq!(core.on_batch(at(2), PRODUCER, &to(0)), Err(BrokerError::Fenced));
    core.on_ended(next);
    assert_eq!(core.on_batch(at(3), next, &to(0)), Ok(()));
}

#[test]
fn nobody_goes_on_with_a_transaction_of_an_earlier_life() {
    let mut core = TransactionCore::new(TRANSACTION_TIMEOUT);
    core.restore(PRODUCER);
    assert_eq!(core.on_batch(at(0), PRODUCER, &to(0)), Err(BrokerError::NoTransaction));
    assert_eq!(core.fence(ProducerIdentity { epoch: 1, ..PRODUCER }), None);
}
