//! The simulated world: a virtual clock, an event queue, an executor, nodes, seeded streams and a
//! digest.
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
//! # Ordering guarantees
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

mod digest;
mod engine;
mod error;
mod event;
mod local;
mod sim;

pub use self::digest::Digest;
pub use self::engine::{NodeId, SimTask, Simulation, Sleep, Waiter};
pub use self::error::{RunError, TaskName};
pub use self::event::Event;
pub use self::local::Local;
pub use self::sim::Sim;
