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
//! | [`breaker`] | stops calling what fails | | `FailureAccrual` | | `CircuitBreaker` |
//! | [`throttle`] | sends little more than what is accepted | `admission_control` | `NackAdmissionFilter` | | |
//! | [`bulkhead`] | bounds what is under way | `circuit_breakers` | `RequestSemaphoreFilter` | `max_concurrent_streams` | `Bulkhead` |
//! | [`limit`] | finds the bound itself | `adaptive_concurrency` | | | |
//! | [`rate_limit`] | bounds what passes in a time | `local_ratelimit` | | | `RateLimiter` |
//! | [`shed`] | refuses what matters less under overload | overload manager | | | |
//! | [`hedge`] | sends what is slow once more | `hedge_policy` | `BackupRequestFilter` | A6 | |
//! | [`fallback`] | answers with less when a call fails | | | | `recover` |
//! | [`trace`] | gives all calls of a request one id | `tracing` | `Trace` | | |
//! | [`balance`] | chooses the endpoint | `lb_policy` | `Balancers` | `round_robin` | |
//! | [`outlier`] | takes endpoints out of that choice | outlier detection | `FailureAccrual` | A50 | |
//!
//! [`wire`] knows the headers and statuses that HTTP and gRPC have for all this.
//!
//! Any two layers may stand around one another, in either order. Only a balancer inside a balancer
//! is refused in a scenario: a stack balances once, since what is outside of the balancer exists
//! once for the target and what is inside once for each of its endpoints.
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
pub mod fallback;
mod gate;
pub mod hedge;
#[cfg(test)]
mod layer_tests;
pub mod limit;
pub mod observe;
pub mod outlier;
pub mod rate_limit;
pub mod retry;
pub mod shed;
#[cfg(test)]
mod stack_tests;
mod sync;
#[cfg(test)]
mod testing;
pub mod throttle;
pub mod timeout;
pub mod trace;
pub mod wire;
