//! Every policy there is, one line each, and the terms that it tells.
//!
//! Tests and tables go through this list; a policy that is in it and not in them fails the tests.

pub use crate::policy::Policy;
use crate::{
    balance, breaker, bulkhead, deadline, fallback, hedge, limit, outlier, rate_limit, retry, shed,
    singleflight, throttle, timeout, trace,
};

/// All of them.
pub const POLICIES: [&Policy; 15] = [
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
    &singleflight::POLICY,
];
