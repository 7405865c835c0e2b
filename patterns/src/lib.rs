//! Resilience and balancing policies, for any runtime.
//!
//! Each policy is a *core*, a state machine that is given the time and its randomness and is
//! therefore exact to test, and a thin *layer*, the only part that waits. A layer is a
//! [`Call`](call::Call) around another one, so a policy stack is an ordered list, outermost
//! first, and the order is its meaning.
//!
//! Every outcome is a value: a response, a service's error, a timeout or a rejection travels
//! through every layer of the stack ([`Failure`](call::Failure)), and dropping a call is a third
//! outcome that every layer accounts for.
//!
//! | policy | does | Envoy | Finagle | gRPC | resilience4j |
//! |---|---|---|---|---|---|
//! | [`timeout`] | stops waiting, carries the deadline on | `timeout` | `TimeoutFilter` | deadline | `TimeLimiter` |
//! | [`deadline`] | refuses what nobody waits for | | `DeadlineFilter` | `grpc-timeout` | |
//! | [`retry`] | tries again, within a budget | `retry_policy` | `RetryFilter`, `RetryBudget` | A6 | `Retry` |
//! | [`breaker`] | stops calling what fails | outlier detection | `FailureAccrual` | | `CircuitBreaker` |
//! | [`bulkhead`] | bounds what is under way | `circuit_breakers` | `RequestSemaphoreFilter` | `max_concurrent_streams` | `Bulkhead` |
//! | [`limit`] | finds the bound itself | `adaptive_concurrency` | | | |
//! | [`rate_limit`] | bounds what passes in a time | `local_ratelimit` | | | `RateLimiter` |
//! | [`shed`] | refuses what matters less under overload | overload manager | | | |
//! | [`balance`] | chooses the endpoint | `lb_policy` | `Balancers` | `round_robin` | |
//!
//! A layer is built from a configuration, an [`Env`](env::Env) and the call it is put around.

pub mod balance;
pub mod breaker;
pub mod bulkhead;
pub mod call;
pub mod config;
pub mod deadline;
mod delay;
pub mod env;
mod gate;
pub mod limit;
pub mod observe;
pub mod rate_limit;
pub mod retry;
pub mod shed;
#[cfg(test)]
mod stack_tests;
mod sync;
#[cfg(test)]
mod testing;
pub mod timeout;
