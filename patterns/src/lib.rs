//! Resilience and balancing policies, for any runtime.
//!
//! # The problem
//!
//! A service calls another, which is slow, full or gone. Whoever waits without end, sends again at
//! once, or sends all the same makes it worse. What helps is well known, and hard to get right: a
//! retry needs a budget, a breaker must account for calls that are dropped, a hedge must not go where
//! the first copy went. And what cannot be run without a network and a clock is hardly ever tested.
//!
//! Each policy is a *core*, a state machine that is given the time and its randomness and is
//! therefore exact to test, and a thin *layer*, the only part that waits. A layer is a
//! [`Call`](call::Call) around another one, so a policy stack is an ordered list, outermost
//! first, and the order is its meaning.
//!
//! # One call
//!
//! ```text
//!  request ──▶ timeout ──▶ retry ──▶ breaker ──▶ the call itself
//!  outcome ◀──         ◀──       ◀──         ◀──
//!                │           │          │
//!              layer       layer      layer     waits, spawns, tells its observer
//!              core        core       core      is told the time, decides
//! ```
//!
//! A [`Request`](call::Request) carries a [`Context`](call::Context): the baggage that crosses hops and
//! the attempt that does not (`patterns/src/call/baggage/mod.rs`, `patterns/src/call/attempt.rs`). Each
//! layer (`patterns/src/retry/layer.rs`) asks its core (`patterns/src/retry/core.rs`) what to do, hands
//! the request to the layer inside, and tells the core what became of it. What happens is signalled to
//! an observer (`patterns/src/observe.rs`) in terms that the policy itself names
//! (`patterns/src/retry/mod.rs`).
//!
//! Every outcome is a value: a response, a service's error, a timeout or a rejection travels
//! through every layer of the stack ([`Failure`](call::Failure)), and dropping a call is a third
//! outcome that every layer accounts for.
//!
//! ```
//! # use std::time::Duration;
//! # use cascadia_patterns::{call::*, env::Env, retry::*, throttle::*};
//! # use cascadia_runtime::{Stream, TokioWorld};
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! let server = call_fn(|_: Context| async { Ok::<_, Failure<&str>>("hello") });
//! let env = || Env::new(TokioWorld::new(), Stream::from_entropy());
//! let throttled = ThrottleLayer::new(ThrottleConfig::default(), env(), server);
//! let stack = RetryLayer::new(RetryConfig::default(), env(), throttled);
//! assert_eq!(stack.call(Context::default()).await, Ok("hello"));
//! # });
//! ```
//!
//! # What there is
//!
//! | policy | does |
//! |---|---|
//! | [`timeout`] | stops waiting, carries the deadline on |
//! | [`deadline`] | refuses what nobody waits for |
//! | [`retry`] | tries again, within a budget |
//! | [`breaker`] | stops calling what fails |
//! | [`throttle`] | sends little more than what is accepted |
//! | [`cooldown`] | leaves alone for a while what has just failed |
//! | [`bulkhead`] | bounds what is under way |
//! | [`limit`] | finds the bound itself |
//! | [`rate_limit`] | bounds what passes in a time |
//! | [`shed`] | refuses what matters less under overload |
//! | [`hedge`] | sends what is slow once more |
//! | [`fallback`] | answers with less when a call fails |
//! | [`singleflight`] | asks once what many want to know at the same time |
//! | [`idempotency`] | does a request once, however often it comes |
//! | [`trace`] | gives all calls of a request one id |
//! | [`balance`] | chooses the endpoint |
//! | [`outlier`] | takes endpoints out of that choice |
//!
//! A balancer chooses among [`endpoints`], which come and go. Members of a [`raft`] keep one log
//! together; that is no policy around a call, and has no layer.
//!
//! [`POLICIES`] lists them with the terms that they tell. Each says what it is called in Envoy,
//! resilience4j, Polly, gRPC and Finagle, and which differences a test shows; `docs/equivalents.md`
//! has all of that in one place.
//!
//! What has to outlive a process is kept in a [`store`]. Who need not wait for an answer sends a message:
//! [`messaging`] has brokers, and what is done with them. Services that do something together are a [`saga`], or wait for each other in a [`two_phase`] commit.
//!
//! [`wire`] knows the headers and statuses that HTTP and gRPC have for all this.
//!
//! # What may stand around what
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
//!
//! # How to add a policy
//!
//! A policy is a closed folder; of the others, only lists learn of it. `patterns/src/throttle/mod.rs` is
//! the shortest one that has everything, and may be copied.
//!
//! | file | has |
//! |---|---|
//! | `patterns/src/<policy>/mod.rs` | what it is for, its defaults with their sources, an example, what others call it and where they differ; its layer and reasons, made by `terms!`; its `POLICY`, and its `samples` |
//! | `patterns/src/<policy>/config.rs` | the settings, their `Default`, and `check`, which names the field that is wrong |
//! | `patterns/src/<policy>/core.rs` | the state machine: `on_…` for what happens, given the time and a [`Stream`](cascadia_runtime::Stream) |
//! | `patterns/src/<policy>/layer.rs` | a [`Call`](call::Call) around an `inner` one: `call`, `inner` and `show`; what lets calls in or refuses them and learns from how they end is a [`Guard`](guard::Guard) instead, and needs none of that |
//! | `patterns/src/lib.rs` | its module, its name in `policies!`, and a row in the table above |
//! | `models/src/layers/<policy>.rs` | `impl LayerKind`: its name, and `build` around a route |
//! | `models/src/layers/mod.rs` | its module |
//! | `scenarios/src/layers/<policy>.rs` | `settings!` with a line a setting, and `impl Layer`; what it alone is refused for, as a `Code` |
//! | `scenarios/src/layers/mod.rs` | its module, and a line in `choice!` with the key that files write |
//!
//! A row in the README says what may be written. All else follows from the registry: whatever goes
//! through all layers goes through [`samples`] and [`POLICIES`] or through the schema of files. The
//! tests of all layers (`patterns/src/layer_tests/mod.rs`) try it inside and around every other one,
//! dropped at every moment; it is driven in pairs on the simulator, looked at for what it allocates
//! and costs, and drawn in the generated scenarios. Where it needs particular handling there, that
//! is a file of its own in `tests/pairs/layers` or `tests/generated/generator/layers`.
//!
//! The core comes first, as it needs nothing but the time:
//!
//! ```
//! use cascadia_patterns::call::{Layer, Reason, Rejection};
//! use cascadia_runtime::Time;
//!
//! /// Refuses whatever comes too soon after what passed before.
//! #[derive(Debug, Default)]
//! struct Apart {
//!     nanos: u64,
//!     next: u64,
//! }
//!
//! impl Apart {
//!     fn on_call(&mut self, now: Time) -> Result<(), Rejection> {
//!         if now.as_nanos() < self.next {
//!             // A policy of its own has terms of its own.
//!             return Err(Rejection::new(Layer::THROTTLE, Reason::THROTTLED));
//!         }
//!         self.next = now.as_nanos() + self.nanos;
//!         Ok(())
//!     }
//! }
//!
//! let mut core = Apart { nanos: 10, next: 0 };
//! let passes = [0, 9, 10].map(|at| core.on_call(Time::from_nanos(at)).is_ok());
//! assert_eq!(passes, [true, false, true]);
//! ```

mod awaited;
pub mod balance;
pub mod breaker;
pub mod bulkhead;
pub mod call;
pub mod config;
pub mod cooldown;
pub mod deadline;
mod delay;
pub mod endpoints;
pub mod env;
pub mod fallback;
mod future_set;
mod gate;
pub mod guard;
pub mod hedge;
pub mod idempotency;
mod in_order;
#[cfg(test)]
mod layer_tests;
pub mod limit;
pub mod line;
pub mod messaging;
pub mod observe;
pub mod outlier;
mod policy;
pub mod raft;
pub mod rate_limit;
pub mod retry;
pub mod saga;
pub mod sample;
pub mod shed;
pub mod singleflight;
#[cfg(test)]
mod stack_tests;
pub mod store;
mod sync;
pub mod terms;
#[cfg(test)]
mod testing;
pub mod throttle;
pub mod timeout;
pub mod trace;
pub mod two_phase;
pub mod wire;

pub use self::policy::Policy;

policy::policies! {
    timeout
    deadline
    retry
    breaker
    throttle
    cooldown
    bulkhead
    limit
    rate_limit
    shed
    hedge
    fallback
    trace
    balance
    outlier
    singleflight
    idempotency
}
