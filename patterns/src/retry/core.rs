use std::time::Duration;

use cascadia_runtime::{Stream, Time};

use super::{Delays, End, RetryBudget, RetryConfig, Trouble, Withdrawal};
use crate::call::{Baggage, Class, Pushback};
use crate::observe::RetryDenied;

/// The tries of one call.
#[derive(Debug)]
pub struct Tries<'a> {
    config: &'a RetryConfig,
    delays: Delays<'a>,
    deadline: Option<Time>,
    repeatable: bool,
    depth: u8,
    made: u16,
    phase: Phase,
}

/// Where a call is. What a budget gave for a retry is in here until it is accounted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Idle,
    Trying(Option<Withdrawal>),
    Waiting(Option<Withdrawal>),
}

/// How a try ended.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// What the classifier says.
    pub class: Class,
    /// What the server says about another try.
    pub pushback: Pushback,
    /// The request has certainly had no effect.
    pub untouched: bool,
    /// Nothing came in time.
    pub timed_out: bool,
    /// There is a copy of the request to send.
    pub copied: bool,
}

/// What to do after a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Nothing: its outcome is that of the call.
    Return,
    /// Try again.
    Retry {
        /// After this.
        delay: Duration,
    },
    /// Nothing, though another try was due.
    Denied(RetryDenied),
}

impl Facts {
    fn retryable(&self) -> bool {
        matches!(self.class, Class::Failure { retryable: true, .. })
    }

    fn trouble(&self) -> Trouble {
        match self.class {
            Class::Failure { overload: true, .. } => Trouble::Overloaded,
            _ if self.timed_out => Trouble::TimedOut,
            _ => Trouble::Failed,
        }
    }

    fn end(&self) -> End {
        if self.class == Class::Success {
            End::Success
        } else if self.retryable() || self.pushback == Pushback::Stop {
            End::Trouble(self.trouble())
        } else {
            End::Other
        }
    }
}

impl<'a> Tries<'a> {
    /// The tries of a call, of which none is made.
    pub fn new(config: &'a RetryConfig, baggage: &Baggage) -> Self {
        Self {
            config,
            delays: config.backoff.delays(),
            deadline: baggage.deadline,
            repeatable: config.retry_unsafe || baggage.is_repeatable(),
            depth: baggage.depth,
            made: 0,
            phase: Phase::Idle,
        }
    }

    /// A try begins. Returns its number, from 0.
    pub fn on_try(&mut self, now: Time, budget: Option<&mut dyn RetryBudget>) -> u16 {
        let paid = match self.phase {
            Phase::Waiting(paid) => paid,
            Phase::Idle | Phase::Trying(_) => None,
        };
        self.phase = Phase::Trying(paid);
        if let Some(budget) = budget {
            budget.on_try(now, self.made == 0);
        }
        let number = self.made;
        self.made += 1;
        number
    }

    /// The tries that were begun.
    pub fn made(&self) -> u16 {
        self.made
    }

    /// The try under way is the last that may be made.
    pub fn is_last(&self) -> bool {
        self.made >= self.config.attempts
    }

    /// A try did its work, and with it the call: [`on_outcome`](Self::on_outcome) without the time.
    pub fn on_success(&mut self, budget: Option<&mut dyn RetryBudget>) {
        if let Some(budget) = budget {
            self.end(End::Success, budget);
        }
        self.phase = Phase::Idle;
    }

    /// A try ended. [`Decision::Retry`] has withdrawn from the budget.
    pub fn on_outcome(
        &mut self,
        now: Time,
        facts: Facts,
        mut budget: Option<&mut dyn RetryBudget>,
        stream: &mut Stream,
    ) -> Decision {
        if let Some(budget) = &mut budget {
            self.end(facts.end(), *budget);
        }
        self.phase = Phase::Idle;
        if self.is_last() || !facts.retryable() {
            return Decision::Return;
        }
        let delay = match self.delay(now, facts, stream) {
            Ok(delay) => delay,
            Err(reason) => return Decision::Denied(reason),
        };
        let paid = budget.map(|budget| budget.withdraw(now, facts.trouble()));
        if paid == Some(None) {
            return Decision::Denied(RetryDenied::Budget);
        }
        self.phase = Phase::Waiting(paid.flatten());
        Decision::Retry { delay }
    }

    /// A budget waits to be told how a try or the wait for one ended.
    pub fn owes(&self) -> bool {
        self.phase != Phase::Idle
    }

    /// The call was dropped: a retry that was not sent goes back, a try under way has no end.
    pub fn on_drop(&mut self, budget: &mut dyn RetryBudget) {
        match self.phase {
            Phase::Idle => {}
            Phase::Trying(_) => self.end(End::Dropped, budget),
            Phase::Waiting(paid) => {
                if let Some(paid) = paid {
                    budget.give_back(paid);
                }
            }
        }
        self.phase = Phase::Idle;
    }

    /// Somebody panicked: a try under way has failed, a retry that was not sent goes back.
    pub fn on_panic(&mut self, budget: &mut dyn RetryBudget) {
        self.end(End::Trouble(Trouble::Failed), budget);
        if let Phase::Trying(_) = self.phase {
            self.phase = Phase::Idle;
        }
        self.on_drop(budget);
    }

    fn end(&self, end: End, budget: &mut dyn RetryBudget) {
        if let Phase::Trying(paid) = self.phase {
            budget.on_end(end, paid);
        }
    }

    fn delay(
        &mut self,
        now: Time,
        facts: Facts,
        stream: &mut Stream,
    ) -> Result<Duration, RetryDenied> {
        if self.config.max_depth.is_some_and(|most| self.depth > most) {
            return Err(RetryDenied::Depth);
        }
        if !self.repeatable && !facts.untouched {
            return Err(RetryDenied::Unsafe);
        }
        if !facts.copied {
            return Err(RetryDenied::NotCloneable);
        }
        let delay = match facts.pushback {
            Pushback::Stop => return Err(RetryDenied::Pushback),
            Pushback::Silent => self.delays.next(stream),
            Pushback::After(asked) if asked > self.config.longest_wait() => {
                return Err(RetryDenied::RetryAfter);
            }
            Pushback::After(asked) if self.config.exact_retry_after => {
                self.delays = self.config.backoff.delays();
                asked
            }
            Pushback::After(asked) => asked.saturating_add(self.delays.next(stream)),
        };
        let needed = now + delay + self.config.min_useful;
        if self.deadline.is_some_and(|deadline| needed > deadline) {
            return Err(RetryDenied::Deadline);
        }
        Ok(delay)
    }
}
