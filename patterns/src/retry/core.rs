use std::time::Duration;

use cascadia_runtime::{Stream, Time};

use super::{Delays, RetryBudget, RetryConfig};
use crate::call::{Class, Context, Rejection};
use crate::observe::RetryDenied;

/// The tries of one call.
#[derive(Debug)]
pub struct Tries {
    config: RetryConfig,
    delays: Delays,
    deadline: Option<Time>,
    repeatable: bool,
    made: u16,
}

/// How a try ended.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// What the classifier says.
    pub class: Class,
    /// The rejection, if it was one.
    pub rejection: Option<&'a Rejection>,
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

impl Tries {
    /// The tries of a call, of which none is made.
    pub fn new(config: RetryConfig, context: &Context) -> Self {
        Self {
            config,
            delays: config.backoff.delays(),
            deadline: context.deadline,
            repeatable: config.retry_unsafe || context.is_repeatable(),
            made: 0,
        }
    }

    /// A try begins. Returns its number, from 0.
    pub fn on_try(&mut self) -> u16 {
        self.made += 1;
        self.made - 1
    }

    /// The try under way is the last that may be made.
    pub fn is_last(&self) -> bool {
        self.made >= self.config.attempts
    }

    /// A try ended. [`Decision::Retry`] has withdrawn from the budget.
    pub fn on_outcome(
        &mut self,
        now: Time,
        facts: Facts<'_>,
        budget: Option<&mut dyn RetryBudget>,
        stream: &mut Stream,
    ) -> Decision {
        if self.is_last() || !matches!(facts.class, Class::Failure { retryable: true, .. }) {
            return Decision::Return;
        }
        match self.delay(now, facts, stream) {
            Err(reason) => Decision::Denied(reason),
            Ok(_) if !budget.is_none_or(|budget| budget.try_withdraw(now)) => {
                Decision::Denied(RetryDenied::Budget)
            }
            Ok(delay) => Decision::Retry { delay },
        }
    }

    fn delay(
        &mut self,
        now: Time,
        facts: Facts<'_>,
        stream: &mut Stream,
    ) -> Result<Duration, RetryDenied> {
        let harmless = facts.rejection.is_some_and(|rejection| rejection.safe_to_retry);
        if !self.repeatable && !harmless {
            return Err(RetryDenied::Unsafe);
        }
        if !facts.copied {
            return Err(RetryDenied::NotCloneable);
        }
        let asked = facts.rejection.and_then(|rejection| rejection.retry_after);
        let asked = asked.unwrap_or_default();
        if asked > self.config.longest_wait() {
            return Err(RetryDenied::RetryAfter);
        }
        let delay = asked + self.delays.next(stream);
        let needed = now + delay + self.config.min_useful;
        if self.deadline.is_some_and(|deadline| needed > deadline) {
            return Err(RetryDenied::Deadline);
        }
        Ok(delay)
    }
}
