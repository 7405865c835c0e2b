use std::time::Duration;

use crate::exchange::Status;
use crate::ids::{EndpointId, ServiceId, StackId};
use crate::laws::Law;
use crate::ledgers::LedgerId;
use crate::plan::PublishPlan;
use crate::script::choice::{By, Times};
use crate::store::{Access, Act, Asked, Role};

/// A step of the work.
#[derive(Clone, Debug)]
pub enum Step {
    /// Keeps the worker busy.
    Compute(Law),
    /// Calls another service and waits for the answer.
    Call {
        /// The service called.
        service: ServiceId,
        /// What it is asked.
        endpoint: EndpointId,
        /// The stack that the call passes.
        policy: Option<StackId>,
    },
    /// Does all branches at once and waits for all; fails as soon as one fails, when all have begun.
    Parallel(Vec<Vec<Self>>),
    /// Fails some requests, for which nothing after it is done.
    Fail {
        /// The share of them.
        share: f64,
        /// What the error is called; without, it is one that another try may help.
        status: Option<Status>,
    },
    /// Answers some requests with success, for which nothing after it is done.
    Answer {
        /// The share of them.
        share: f64,
        /// What the answer is called.
        status: Status,
    },
    /// Does one of several things.
    Choose {
        /// The ways; their weights are above 0 or all but one of them.
        ways: Vec<Way>,
        /// By what one of them is chosen.
        by: By,
    },
    /// Does steps several times, one after the other.
    Repeat {
        /// How often.
        times: Times,
        /// What is done each time.
        steps: Vec<Self>,
    },
    /// Reads or writes a row of a store, and waits for the answer.
    Access {
        /// The store.
        store: ServiceId,
        /// Its endpoint for that.
        endpoint: EndpointId,
        /// The stack that the call passes.
        policy: Option<StackId>,
        /// What it is asked.
        asked: Asked,
    },
    /// Publishes a message.
    Publish(PublishPlan),
    /// Publishes a request, and waits for its reply.
    Request {
        /// How it is published.
        publish: PublishPlan,
        /// How long it waits.
        timeout: Duration,
    },
    /// Adds something to a ledger, or takes it from there.
    Enter {
        /// The ledger.
        ledger: LedgerId,
        /// How much is added.
        amount: i64,
    },
    /// What a store itself does to a row.
    Keep {
        /// What is done.
        act: Act,
        /// By whom.
        role: Role,
        /// How long it takes.
        access: Access,
    },
}

/// One of several things that may be done.
#[derive(Clone, Debug)]
pub struct Way {
    /// Its part of the sum of all.
    pub weight: f64,
    /// What is done.
    pub steps: Vec<Step>,
}

impl Step {
    /// Does one thing for a share of requests and another for the others.
    pub fn chance(share: f64, steps: Vec<Self>, otherwise: Vec<Self>) -> Self {
        let ways = [(share, steps), (1.0 - share, otherwise)];
        let ways = ways.map(|(weight, steps)| Way { weight, steps });
        Self::Choose { ways: ways.into(), by: By::Request }
    }
}
