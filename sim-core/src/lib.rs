//! The simulated world: a virtual clock, an event queue, an executor, nodes, seeded streams and a
//! digest.
//!
//! # The problem
//!
//! A run that nobody can repeat proves nothing: a failure that was seen once is a rumour. Here time moves only
//! from event to event, all that is drawn comes from the seed, and what happens in one instant has an order of
//! its own; so a seed is a run, and a digest of it says in one number whether two runs were the same.
//!
//! One kernel, two ways to use it. Plain events ([`Sim::at`]) suit queues and links; asynchronous
//! tasks ([`Sim::spawn_on`], [`Runtime::spawn`](cascadia_runtime::Runtime::spawn)) suit clients,
//! policies and real code. Their sleeps are the same events.
//!
//! ```
//! use std::time::Duration;
//! use cascadia_runtime::{Runtime, Time};
//! use cascadia_sim_core::Simulation;
//!
//! let mut simulation = Simulation::new(42);
//! let sim = simulation.sim();
//! let node = sim.node("client");
//! sim.spawn_on(node, async move {
//!     sim.sleep(Duration::from_nanos(7)).await;
//!     assert_eq!(sim.now(), Time::from_nanos(7));
//! });
//! simulation.run_until(Time::from_nanos(10)).unwrap();
//! assert_eq!(sim.now(), Time::from_nanos(10));
//! ```
//!
//! # One event
//!
//! ```text
//!  at, sleep, spawn ──▶ queue ──▶ kernel ──▶ event runs ──▶ tasks that it woke run ──▶ the next event
//!                                               │
//!                                            digest
//! ```
//!
//! A task that sleeps puts an event into the queue (`sim-core/src/engine/own/sleep.rs`,
//! `sim-core/src/engine/own/queue/mod.rs`). The kernel takes the first one
//! (`sim-core/src/engine/own/kernel.rs`) and moves the clock to it; it wakes the task
//! (`sim-core/src/engine/own/waker.rs`), which is polled before the next event
//! (`sim-core/src/engine/own/poll.rs`). What is emitted meanwhile goes into the digest
//! (`sim-core/src/digest.rs`).
//!
//! All others see one face (`sim-core/src/engine/face.rs`), whichever engine is behind it. A new ability is a
//! method there, and its doing in both engines.
//!
//! # Ordering guarantees
//!
//! Of our own engine, which is that of every build without `--cfg madsim`:
//!
//! 1. Events run in (time, class, sequence) order. At one instant deliveries, completions and
//!    sleeps run before deadlines; within a class, first scheduled runs first.
//! 2. After each event every task that it woke runs, first woken first, until none is ready.
//!    Only then comes the next event.
//! 3. Nothing else decides an order: no address, no hash, no thread, no clock.
//!
//! # A killed node is silent
//!
//! [`Sim::kill`] drops a node's tasks at once. While their destructors run, spawning, arming and
//! emitting from that node do nothing, so a dead node sends no farewell.
//!
//! # The second engine
//!
//! Built with `--cfg madsim`, the same face stands on the executor, the clock and the nodes of
//! [madsim](https://docs.rs/madsim). The two engines share nothing that decides what happens when;
//! where they agree, neither is likely to be wrong.
//!
//! It keeps the same promises: times are exact to the nanosecond, deadlines come after everything
//! else of their instant, a killed node is silent, streams have the same numbers, and a run is a
//! function of its seed. Of the first two guarantees above it does not keep the rest:
//!
//! - Within one instant, and a class of it, events and tasks run in a random order, drawn from the
//!   seed. Digests are those of the other engine only where no two things coincide.
//! - [`Simulation::advance`] ends late, when nothing is ready any more.
//! - A sleep that is dropped wakes nobody, and is forgotten only when its time comes.
//! - A livelock is told by the task that makes too many steps, not by all that make some.
//! - Clocks of std show a second for each nanosecond, and no thread can be started within a run.

mod digest;
mod engine;
mod error;
mod event;
mod local;

pub use self::digest::Digest;
pub use self::engine::{NodeId, Sim, SimTask, Simulation, Sleep, Waiter};
pub use self::error::{RunError, TaskName};
pub use self::event::Event;
pub use self::local::Local;
