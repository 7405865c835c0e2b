//! Every policy there is, one line each, and the terms that it tells.
//!
//! Tests and tables go through this list; a policy that is in it and not in them fails the tests.

use crate::call::{Layer, Reason};
#[cfg(test)]
use crate::layer_tests::Sample;
use crate::observe::{Count, Level};
use crate::{
    balance, breaker, bulkhead, deadline, fallback, hedge, limit, outlier, rate_limit, retry, shed,
    throttle, timeout, trace,
};

/// All of them.
pub const POLICIES: [&Policy; 14] = [
    &timeout::POLICY,
    &deadline::POLICY,
    &retry::POLICY,
    &breaker::POLICY,
    &throttle::POLICY,
    &bulkhead::POLICY,
    &limit::POLICY,
    &rate_limit::POLICY,
    &shed::POLICY,
    &hedge::POLICY,
    &fallback::POLICY,
    &trace::POLICY,
    &balance::POLICY,
    &outlier::POLICY,
];

/// A policy and the terms that it tells.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// Its name, which is that of its module.
    pub name: &'static str,
    /// What scenario files call its layers, where that is not its name.
    pub(crate) files: Option<&'static [&'static str]>,
    /// Which of its layers may refuse a call, and why.
    pub reasons: &'static [(Layer, Reason)],
    /// What is counted of it besides.
    pub counts: &'static [Count],
    /// What it steers by.
    pub levels: &'static [Level],
    /// Its layers, as the tests of all layers try them.
    #[cfg(test)]
    pub(crate) samples: &'static [Sample],
}

impl Policy {
    /// One that tells nothing.
    pub(crate) const EMPTY: Self = Self {
        name: "",
        files: None,
        reasons: &[],
        counts: &[],
        levels: &[],
        #[cfg(test)]
        samples: &[],
    };

    /// What scenario files call its layers.
    pub fn files(&self) -> &[&'static str] {
        self.files.unwrap_or_else(|| std::slice::from_ref(&self.name))
    }
}
