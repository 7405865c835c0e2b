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
//! | policy | does |
//! |---|---|
//! | [`timeout`] | stops waiting, carries the deadline on |
//! | [`deadline`] | refuses what nobody waits for |
//! | [`retry`] | tries again, within a budget |
//! | [`breaker`] | stops calling what fails |
//! | [`throttle`] | sends little more than what is accepted |
//! | [`bulkhead`] | bounds what is under way |
//! | [`limit`] | finds the bound itself |
//! | [`rate_limit`] | bounds what passes in a time |
//! | [`shed`] | refuses what matters less under overload |
//! | [`hedge`] | sends what is slow once more |
//! | [`fallback`] | answers with less when a call fails |
//! | [`singleflight`] | asks once what many want to know at the same time |
//! | [`trace`] | gives all calls of a request one id |
//! | [`balance`] | chooses the endpoint |
//! | [`outlier`] | takes endpoints out of that choice |
//!
//! [`equivalents`] says what each is called in Envoy, resilience4j, Polly, gRPC and Finagle, and
//! which differences a test shows.
//!
//! [`wire`] knows the headers and statuses that HTTP and gRPC have for all this.
//!
//! Any two layers may stand around one another, in either order, and keep their promises however
//! calls end. A scenario refuses these pairs all the same:
//!
//! | pair | code | because |
//! |---|---|---|
//! | a balancer inside a balancer | S033 | what is outside of it exists once for the target and what is inside once for each endpoint, so a stack balances once |
//! | outlier detection anywhere but directly around a balancer | S036 | it takes endpoints out of the choice of that balancer |
//! | a hedge inside a balancer | S038 | all copies would meet the same endpoint |
//!
//! A call allocates one future for each layer and nothing else while it need not be sent again. The
//! cores allocate nothing for a call; what holds those who wait grows to the most that it has held.
//!
//! A layer is built from a configuration, an [`Env`](env::Env) and the call it is put around. Printed
//! with [`Debug`](std::fmt::Debug), it shows its settings, its state and what it is around, whatever
//! functions and types of its user are in it.

pub mod balance;
pub mod breaker;
pub mod bulkhead;
pub mod call;
pub mod catalogue;
pub mod config;
pub mod deadline;
mod delay;
pub mod env;
pub mod equivalents;
pub mod fallback;
mod gate;
pub mod hedge;
mod in_order;
#[cfg(test)]
mod layer_tests;
pub mod limit;
pub mod observe;
pub mod outlier;
mod policy;
pub mod rate_limit;
pub mod retry;
pub mod shed;
pub mod singleflight;
#[cfg(test)]
mod stack_tests;
mod sync;
pub mod terms;
#[cfg(test)]
mod testing;
pub mod throttle;
pub mod timeout;
pub mod trace;
pub mod wire;
