use std::task::Poll;

use cascadia_patterns::line::Line;
use cascadia_patterns::messaging::BrokerError;
use cascadia_runtime::Time;
use cascadia_sim_core::Waiter;

use crate::broker::words::Answer;

/// Questions that were not answered yet, or whose answer was not taken.
pub(super) struct Waiting {
    next: u64,
    open: Line<Question>,
    /// When it is looked for questions that waited too long: one timer for all of them.
    due: Time,
}

struct Question {
    /// Which place was asked.
    node: usize,
    until: Time,
    answer: Option<Answer>,
    waiter: Option<Waiter>,
}

impl Default for Waiting {
    fn default() -> Self {
        Self { next: 0, open: Line::default(), due: Time::MAX }
    }
}

impl Waiting {
    /// A place is asked something. Says when it is to be looked for what waits too long, unless that is known.
    pub(super) fn ask(&mut self, node: usize, until: Time) -> (u64, Option<Time>) {
        self.next += 1;
        self.open.insert(self.next, Question { node, until, answer: None, waiter: None });
        let is_first = until < self.due;
        self.due = self.due.min(until);
        (self.next, is_first.then_some(until))
    }

    pub(super) fn answer(&mut self, number: u64, answer: Answer) {
        if let Some(question) = self.open.get_mut(number) {
            question.answer.get_or_insert(answer);
            question.waiter.take().into_iter().for_each(Waiter::wake);
        }
    }

    /// Takes the answer, or waits for it.
    pub(super) fn poll(&mut self, number: u64, waiter: impl FnOnce() -> Waiter) -> Poll<Answer> {
        let question = self.open.get_mut(number).expect("a question is open until it is taken");
        match question.answer.take() {
            Some(answer) => Poll::Ready(answer),
            None => {
                question.waiter = Some(waiter());
                Poll::Pending
            }
        }
    }

    /// Nobody waits any more.
    pub(super) fn forget(&mut self, number: u64) {
        self.open.remove(number);
    }

    /// A place will not answer.
    pub(super) fn reset(&mut self, node: usize) {
        let lost = || BrokerError::Unknown("the connection was reset".to_owned());
        self.give_up(|question| question.node == node, lost);
    }

    /// What has waited until now will not be answered. Says when it is to be looked again.
    pub(super) fn expire(&mut self, now: Time) -> Option<Time> {
        if self.due > now {
            return None;
        }
        let silent = || BrokerError::Unknown("it did not answer".to_owned());
        self.give_up(|question| question.until <= now, silent);
        let left =
            self.open.iter().map(|(_, question)| question.until).filter(|until| *until > now);
        self.due = left.min().unwrap_or(Time::MAX);
        (self.due < Time::MAX).then_some(self.due)
    }

    fn give_up(&mut self, which: impl Fn(&Question) -> bool, why: impl Fn() -> BrokerError) {
        let numbers = self.open.iter().filter(|(_, question)| which(question));
        let numbers: Vec<u64> = numbers.map(|(number, _)| number).collect();
        numbers.into_iter().for_each(|number| self.answer(number, Err(why())));
    }
}
