//! The seam between real code and the world it runs in.
//!
//! # The problem
//!
//! A circuit breaker that reads the system clock can be tested only by waiting, and a retry that
//! draws from the thread's generator cannot be replayed. Code written against this crate asks its
//! world for what it needs: the time, a sleep, a deadline, a task; and it is handed its
//! randomness. The same code then runs in production on [tokio](TokioWorld) and, bit for bit
//! reproducibly, in a simulation.
//!
//! | need | from |
//! |---|---|
//! | the current time | [`Runtime::now`] |
//! | to wait | [`Runtime::sleep_until`], [`Runtime::sleep`] |
//! | to give up | [`Runtime::deadline`] |
//! | to run something beside | [`Runtime::spawn`] |
//! | to do what blocks | [`Runtime::blocking`] |
//! | a date, for what outlives the process | [`Runtime::wall`] |
//! | to keep something | a [`Disk`], handed in; [in memory](MemoryDisk) for tests |
//! | to reach another node | [`Net::dial`], [`Net::listen`] |
//! | randomness | a [`Stream`], handed in when the code is built; [from entropy](Stream::from_entropy) in production |
//!
//! # One wait
//!
//! ```text
//!  policy, server, client ──▶ Runtime, Net ──┬──▶ TokioWorld: tokio's clock, tasks and sockets
//!                                            └──▶ the simulated world: an event queue
//! ```
//!
//! The code asks for a sleep by the traits of `runtime/src/world.rs`. In production
//! `runtime/src/tokio.rs` hands it to tokio's timer; in a simulation it becomes an event of
//! `cascadia-sim-core`. `runtime/src/net.rs` does the same for connections, `runtime/src/disk.rs` for files, and `runtime/src/stream.rs` has
//! the randomness, which is of the same numbers in both; whose it is says `runtime/src/identity.rs`.
//!
//! ```
//! use std::time::Duration;
//! use cascadia_runtime::{Runtime, TokioWorld};
//!
//! /// Asks its world, and never the system.
//! async fn pause<R: Runtime>(world: &R) -> Duration {
//!     let begun = world.now();
//!     world.sleep(Duration::from_millis(2)).await;
//!     Duration::from_nanos(world.now().as_nanos() - begun.as_nanos())
//! }
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! assert!(pause(&TokioWorld::new()).await >= Duration::from_millis(2));
//! # });
//! ```
//!
//! # Two clocks
//!
//! [`Time`] is of one process: it never goes back, and means nothing to another one. [`Wall`] is what
//! may be written down. It may be wrong, so a decision by it says how far off the clock may be, and
//! errs on one side of that ([`Wall::is_past`], [`Wall::may_be_past`]). Nothing whose loss would be a
//! loss of safety goes by it.
//!
//! # How to add a world
//!
//! A world is an `impl Runtime`, and an `impl Net` if it has connections; nothing else is asked of it. The two
//! there are show how: `runtime/src/tokio.rs` and `sim-core/src/engine/own/world.rs`. What code needs of every
//! world is a method of these traits and one in each of them.
//!
//! # Determinism
//!
//! The simulated world runs events in (time, class, sequence) order. Deadlines are the last class
//! of an instant, so a response that arrives exactly at its timeout wins. A real world promises
//! neither; code that must behave the same in both polls its work before its deadline.

mod disk;
mod identity;
mod mix;
mod net;
mod stream;
mod time;
mod tokio;
mod wall;
mod world;

pub use self::disk::{Disk, File, Loss, MemoryDisk, Platter};
pub use self::identity::Identity;
pub use self::mix::mix;
pub use self::net::{Listener, Net};
pub use self::stream::{Draw, Stream};
pub use self::time::Time;
pub use self::tokio::{TokioTask, TokioWorld};
pub use self::wall::Wall;
pub use self::world::{Ended, Runtime, Task};
