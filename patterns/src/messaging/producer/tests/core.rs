use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::Time;

use super::super::{Accumulator, Action, Fate, ProducerConfig, Why};
use crate::messaging::tests::{number, numbered, stream};
use crate::messaging::{
    Batch, BrokerError, Offset, Partition, ProducerIdentity, Receipt, Sequence,
};
use crate::retry::Backoff;
use crate::testing::{at, ms};

const IDENTITY: ProducerIdentity = ProducerIdentity { id: 7, epoch: 0 };

fn config() -> ProducerConfig {
    let backoff = Backoff::Fixed { delay: ms(100) };
    ProducerConfig { linger: ms(5), batch_bytes: 3, backoff, ..ProducerConfig::default() }
}

struct Rig {
    core: Accumulator<u64>,
    stream: cascadia_runtime::Stream,
}

impl Rig {
    fn new(config: ProducerConfig) -> Self {
        let mut rig = Self { core: Accumulator::new(config), stream: stream(1) };
        rig.offer(Time::ZERO, 0);
        let Some(Action::Identify(None)) = rig.core.poll(Time::ZERO) else { panic!("it asks") };
        rig.core.on_identity(Time::ZERO, Ok(IDENTITY), &mut rig.stream);
        rig
    }

    /// One whose partition the broker knows: the message 0 is there.
    fn known(config: ProducerConfig) -> Self {
        let mut rig = Self::new(config);
        let sent = rig.polled(at(5));
        rig.goes_well(at(5), sent[0].0, 0, 1);
        rig.ends();
        rig
    }

    fn offer(&mut self, now: Time, message: u64) {
        self.core.offer(now, Partition::new("t", 0), Arc::new(numbered(message)), message);
    }

    fn polled(&mut self, now: Time) -> Vec<(u64, Batch)> {
        std::iter::from_fn(|| match self.core.poll(now)? {
            Action::Publish(flight, batch, _) => Some((flight, batch)),
            Action::Identify(_) => panic!("it asks for an identity"),
        })
        .collect()
    }

    fn fails(&mut self, now: Time, flight: u64, error: BrokerError) {
        self.core.on_answer(now, flight, Err(error), &mut self.stream);
    }

    fn goes_well(&mut self, now: Time, flight: u64, first: u64, added: u32) {
        let receipt = Receipt { first: Some(Offset(first)), added, ..Receipt::default() };
        self.core.on_answer(now, flight, Ok(receipt), &mut self.stream);
    }

    fn ends(&mut self) -> Vec<(u64, Fate)> {
        std::iter::from_fn(|| self.core.poll_end()).collect()
    }
}

fn numbers(batch: &Batch) -> (u32, Vec<u64>) {
    let first = batch.numbered.unwrap().first.get();
    (first, batch.messages.iter().map(|message| number(message)).collect())
}

fn unavailable() -> BrokerError {
    BrokerError::Unavailable("planted".into())
}

#[test]
fn a_batch_goes_when_it_is_full_or_has_waited() {
    let mut rig = Rig::new(config());
    assert_eq!(rig.core.next_deadline(), at(5));
    assert_eq!(rig.polled(at(4)), []);
    rig.offer(at(4), 1);
    rig.offer(at(4), 2);
    rig.offer(at(4), 3);
    let full = rig.polled(at(4));
    assert_eq!(
        full.iter().map(|(_, batch)| numbers(batch)).collect::<Vec<_>>(),
        [(0, vec![0, 1, 2])]
    );
    rig.goes_well(at(5), full[0].0, 0, 3);
    assert_eq!(rig.core.next_deadline(), at(9));
    let late = rig.polled(at(9));
    assert_eq!(numbers(&late[0].1), (3, vec![3]));
}

#[test]
fn a_flush_waits_for_nobody() {
    let mut rig = Rig::new(config());
    let flush = rig.core.flush();
    let sent = rig.polled(Time::ZERO);
    assert_eq!((sent.len(), rig.core.has_ended(flush)), (1, false));
    rig.offer(at(1), 1);
    rig.goes_well(at(1), sent[0].0, 40, 1);
    assert!(rig.core.has_ended(flush), "what came later does not count");
    let confirmed = Fate::Confirmed { partition: Partition::new("t", 0), offset: Some(Offset(40)) };
    assert_eq!(rig.ends(), [(0, confirmed)]);
}

/// Three batches are under way, the first fails: all come in their order, under their own numbers.
#[test]
fn order_is_kept_under_retry() {
    let mut rig = Rig::known(ProducerConfig { batch_bytes: 1, ..config() });
    rig.offer(at(5), 1);
    rig.offer(at(5), 2);
    rig.offer(at(5), 3);
    let sent = rig.polled(at(5));
    assert_eq!(sent.len(), 3);
    rig.fails(at(6), sent[0].0, unavailable());
    for (flight, _) in &sent[1..] {
        rig.fails(at(6), *flight, BrokerError::OutOfSequence { expected: Default::default() });
    }
    assert_eq!(rig.polled(at(105)), [], "all rest as long as the first one does");
    let again = rig.polled(at(106));
    let again: Vec<_> = again.iter().map(|(_, batch)| numbers(batch)).collect();
    assert_eq!(again, [(1, vec![1]), (2, vec![2]), (3, vec![3])]);
    assert_eq!(rig.core.counts().identified, 1);
}

/// Of an identity that it does not know the broker takes any number for the first.
#[test]
fn nothing_overtakes_the_first_batch_of_an_identity() {
    let mut rig = Rig::new(ProducerConfig { batch_bytes: 1, ..config() });
    rig.offer(Time::ZERO, 1);
    let first = rig.polled(at(5));
    assert_eq!(first.len(), 1);
    rig.goes_well(at(6), first[0].0, 0, 1);
    assert_eq!(rig.polled(at(6)).len(), 1);
}

/// The broker knows the last five again, so what is not answered must be among them.
#[test]
fn no_batch_is_left_behind_by_more_than_the_broker_remembers() {
    let mut rig = Rig::known(ProducerConfig { batch_bytes: 1, ..config() });
    (1..9).for_each(|message| rig.offer(at(5), message));
    let sent = rig.polled(at(5));
    assert_eq!(sent.len(), 5);
    sent[1..].iter().zip(2..).for_each(|((flight, _), at_offset)| {
        rig.goes_well(at(6), *flight, at_offset, 1);
    });
    assert_eq!(rig.polled(at(6)), []);
    rig.goes_well(at(7), sent[0].0, 1, 1);
    assert_eq!(rig.polled(at(7)).len(), 3);
}

/// An answer that the number is an earlier one says that the batch is there.
#[test]
fn a_number_that_has_been_is_there() {
    let mut rig = Rig::known(ProducerConfig { batch_bytes: 1, ..config() });
    rig.offer(at(5), 1);
    let sent = rig.polled(at(5));
    rig.fails(at(6), sent[0].0, BrokerError::OutOfSequence { expected: Sequence::new(2) });
    assert!(matches!(rig.ends()[..], [(1, Fate::Confirmed { offset: None, .. })]));
}

#[test]
fn what_is_given_up_before_others_renews_the_identity() {
    let mut rig = Rig::known(ProducerConfig { batch_bytes: 1, ..config() });
    rig.offer(at(5), 1);
    rig.offer(at(5), 2);
    let sent = rig.polled(at(5));
    rig.fails(
        at(6),
        sent[0].0,
        BrokerError::Invalid(crate::config::ConfigError { field: "a", reason: "b" }),
    );
    assert!(matches!(rig.ends()[..], [(1, Fate::Failed(Why::Broker(_)))]));
    assert_eq!(rig.polled(at(6)), [], "the other one is still under way");
    rig.fails(at(7), sent[1].0, BrokerError::OutOfSequence { expected: Default::default() });
    assert_eq!(rig.core.poll(at(7)), Some(Action::Identify(None)));
    let next = ProducerIdentity { epoch: 1, ..IDENTITY };
    rig.core.on_identity(at(7), Ok(next), &mut rig.stream);
    let again = rig.polled(at(7));
    assert_eq!(numbers(&again[0].1), (0, vec![2]));
    assert_eq!(again[0].1.numbered.unwrap().producer, next);
}

/// What may have happened is asked for under its old number before anything is numbered anew.
#[test]
fn a_doubt_is_settled_before_the_identity_changes() {
    let mut rig = Rig::known(ProducerConfig { batch_bytes: 1, ..config() });
    rig.offer(at(5), 1);
    rig.offer(at(5), 2);
    let sent = rig.polled(at(5));
    rig.fails(at(6), sent[1].0, BrokerError::Unknown("planted".into()));
    rig.fails(
        at(6),
        sent[0].0,
        BrokerError::Invalid(crate::config::ConfigError { field: "a", reason: "b" }),
    );
    let asked = rig.polled(at(106));
    assert_eq!(asked.iter().map(|(_, batch)| numbers(batch)).collect::<Vec<_>>(), [(2, vec![2])]);
    rig.goes_well(at(107), asked[0].0, 0, 1);
    assert_eq!(rig.core.poll(at(107)), Some(Action::Identify(None)));
    assert!(matches!(rig.ends()[..], [(1, Fate::Failed(_)), (2, Fate::Confirmed { .. })]));
}

#[test]
fn one_message_that_is_too_large_takes_no_other_with_it() {
    let mut rig = Rig::known(config());
    rig.offer(at(5), 1);
    rig.offer(at(5), 2);
    rig.offer(at(5), 3);
    let sent = rig.polled(at(5));
    rig.fails(at(6), sent[0].0, BrokerError::TooLarge);
    let parts = rig.polled(at(6));
    let shown: Vec<_> = parts.iter().map(|(_, batch)| numbers(batch)).collect();
    assert_eq!(shown, [(1, vec![1]), (2, vec![2]), (3, vec![3])]);
}

/// However it ends, no message takes longer than it may.
#[test]
fn a_message_ends_when_its_time_is_over() {
    let mut rig = Rig::new(config());
    let sent = rig.polled(at(5));
    rig.offer(at(6), 1);
    rig.fails(at(7), sent[0].0, BrokerError::Unknown("planted".into()));
    let mut now = at(7);
    while now < Time::ZERO + Duration::from_secs(121) {
        now = rig.core.next_deadline();
        for (flight, _) in rig.polled(now) {
            rig.fails(now, flight, unavailable());
        }
        if rig.core.next_deadline() == Time::MAX {
            break;
        }
        if let Some(Action::Identify(_)) = rig.core.poll(now) {
            break;
        }
    }
    assert!(now <= Time::ZERO + Duration::from_secs(120) + ms(6), "{now:?}");
    assert!(matches!(rig.ends()[..], [(0, Fate::Unknown(_)), ..]));
}

/// All tries of all batches draw anew: those that failed together do not come back together.
#[test]
fn each_rest_is_drawn_anew() {
    let mut rig =
        Rig::new(ProducerConfig { backoff: ProducerConfig::default().backoff, ..config() });
    let mut rests = Vec::new();
    let mut now = at(5);
    for _ in 0..8 {
        let sent = rig.polled(now);
        rig.fails(now, sent[0].0, unavailable());
        rests.push(rig.core.next_deadline().since(now).as_secs_f64());
        now = rig.core.next_deadline();
    }
    // The last five have the same middle, 1 s.
    let last: std::collections::BTreeSet<_> =
        rests[3..].iter().map(|rest| (rest * 1e9) as u64).collect();
    assert_eq!(last.len(), 5, "{rests:?}");
    assert!(rests.iter().all(|rest| (0.08..=1.2).contains(rest)), "{rests:?}");
}
