//! The seam between real code and the world it runs in.
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
//! | to reach another node | [`Net::dial`], [`Net::listen`] |
//! | randomness | a [`Stream`], handed in when the code is built; [from entropy](Stream::from_entropy) in production |
//!
//! # Determinism
//!
//! The simulated world runs events in (time, class, sequence) order. Deadlines are the last class
//! of an instant, so a response that arrives exactly at its timeout wins. A real world promises
//! neither; code that must behave the same in both polls its work before its deadline.

mod net;
mod stream;
mod time;
mod tokio;
mod world;

pub use self::net::{Listener, Net};
pub use self::stream::{Draw, Stream, mix};
pub use self::time::Time;
pub use self::tokio::{TokioTask, TokioWorld};
pub use self::world::{Ended, Runtime, Task};
