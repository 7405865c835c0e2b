use std::time::Duration;

use cascadia_runtime::Time;

use crate::call::{Class, Pushback};

/// The copies of one call: which are under way and when the next is due.
///
/// The first call is copy number 0 and under way from the beginning.
#[derive(Debug)]
pub struct Copies {
    delay: Duration,
    most: u8,
    sent: u8,
    under_way: u8,
    due: Time,
    deadline: Time,
}

/// What to do when a copy has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Its outcome is that of the call; drop the others.
    Return,
    /// Go on. The next copy may be due by now.
    Wait,
    /// Nothing is under way and nothing will be: the call has failed.
    Fail,
}

impl Copies {
    /// A call begins of which up to `max` copies may be sent, each `delay` after the one before, as
    /// long as its caller waits.
    pub fn new(now: Time, delay: Duration, max: u8, deadline: Option<Time>) -> Self {
        let deadline = deadline.unwrap_or(Time::MAX);
        let mut copies = Self { delay, most: 1 + max, sent: 1, under_way: 1, due: now, deadline };
        copies.set_due(now + delay);
        copies
    }

    /// When the next copy is due; [`Time::MAX`] where there is none.
    pub fn due(&self) -> Time {
        self.due
    }

    /// The next copy is sent. Returns its number.
    pub fn on_sent(&mut self, now: Time) -> u8 {
        self.sent += 1;
        self.under_way += 1;
        self.set_due(now + self.delay);
        self.sent - 1
    }

    /// The next copy may not be sent, nor any other.
    pub fn on_denied(&mut self) -> Verdict {
        self.close();
        self.go_on()
    }

    /// The work on a copy has begun, and the others are dropped: it is the only one left.
    pub fn on_begun(&mut self) {
        self.under_way = 1;
        self.close();
    }

    /// A copy ended. What the server asks for moves the next copy, or is the end of them.
    pub fn on_outcome(&mut self, now: Time, class: Class, pushback: Pushback) -> Verdict {
        self.under_way -= 1;
        if !matches!(class, Class::Failure { retryable: true, .. }) {
            return Verdict::Return;
        }
        match pushback {
            Pushback::Silent => self.set_due(now),
            Pushback::After(wait) => self.set_due(now + wait),
            Pushback::Stop => self.close(),
        }
        self.go_on()
    }

    fn go_on(&self) -> Verdict {
        if self.under_way == 0 && self.due == Time::MAX { Verdict::Fail } else { Verdict::Wait }
    }

    fn close(&mut self) {
        self.most = self.sent;
        self.due = Time::MAX;
    }

    fn set_due(&mut self, due: Time) {
        let open = self.sent < self.most && due < self.deadline;
        self.due = if open { due } else { Time::MAX };
    }
}
