use std::collections::BTreeMap;

use cascadia_patterns::messaging::BrokerError;
use futures::channel::oneshot;

use crate::broker::words::Reply;

pub(super) type Answer = Result<Reply, BrokerError>;

/// Questions that were not answered yet.
#[derive(Default)]
pub(super) struct Waiting {
    next: u64,
    /// Which place was asked, and who waits.
    open: BTreeMap<u64, (usize, oneshot::Sender<Answer>)>,
}

impl Waiting {
    pub(super) fn ask(&mut self, node: usize) -> (u64, oneshot::Receiver<Answer>) {
        let (sender, receiver) = oneshot::channel();
        self.next += 1;
        self.open.insert(self.next, (node, sender));
        (self.next, receiver)
    }

    pub(super) fn answer(&mut self, number: u64, answer: Answer) {
        if let Some((_, sender)) = self.open.remove(&number) {
            drop(sender.send(answer));
        }
    }

    /// Nobody waits any more.
    pub(super) fn forget(&mut self, number: u64) {
        self.open.remove(&number);
    }

    /// A place will not answer.
    pub(super) fn reset(&mut self, node: usize) {
        let is_there = |(_, (of, _)): &(&u64, &(usize, oneshot::Sender<Answer>))| *of == node;
        let numbers: Vec<u64> = self.open.iter().filter(is_there).map(|(at, _)| *at).collect();
        for number in numbers {
            let lost = BrokerError::Unknown("the connection was reset".to_owned());
            self.answer(number, Err(lost));
        }
    }
}
