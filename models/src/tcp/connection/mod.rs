//! A connection: two ends, and a pipe in each direction.
//!
//! What happens to it is a [`Step`], taken under its lock. After each step the world is asked to
//! call when the next thing is due, so nothing is armed for a segment of its own, and nobody is
//! woken before the lock is free.

mod close;
mod end;
mod handshake;
mod socket;
mod transfer;
mod turn;

use core::net::SocketAddr;
use std::sync::Arc;
use std::task::Waker;
use std::time::Duration;

use cascadia_runtime::{Runtime, Time};
use cascadia_sim_core::{Event, Local, Sim};

use self::end::{End, Stage};
use super::path::Path;
use super::pipe::{Content, Pipe};
use super::role::{Pair, Role};
use super::settings::Settings;

/// A connection between two hosts, or the attempt at one.
pub(super) struct Connection {
    sim: Sim,
    settings: Settings,
    pub(super) locations: Pair<Location>,
    paths: Pair<Arc<Local<Path>>>,
    /// What the digest knows it by.
    number: u32,
    state: Local<State>,
}

/// Where an end is.
pub(super) struct Location {
    pub(super) machine: Arc<dyn Reachable>,
    pub(super) address: SocketAddr,
}

/// The machine at an end, as a connection sees it.
pub(super) trait Reachable: Send + Sync {
    /// Whether it is up.
    fn answers(&self) -> bool;

    /// A connection comes to one of its ports.
    fn knock(&self, connection: &Arc<Connection>) -> Knock;
}

/// What becomes of a wish to connect.
pub(super) enum Knock {
    /// Nobody listens.
    Refused,
    /// There is no room, and nothing is said.
    Ignored,
    /// It waits to be accepted.
    Admitted(Arc<dyn Door>),
}

/// Where a connection waits to be accepted.
pub(super) trait Door: Send + Sync {
    /// The connection is established: those are to be woken who wait for one.
    fn ready(&self, connection: &Arc<Connection>, woken: &mut Vec<Waker>);

    /// The connection failed before it was established.
    fn forget(&self, connection: &Arc<Connection>);
}

/// What changes in the life of a connection.
struct State {
    ends: Pair<End>,
    /// By the end that they lead away from.
    pipes: Pair<Pipe>,
    /// Where it waits to be accepted.
    door: Option<Arc<dyn Door>>,
    /// How long the wish to connect was under way.
    outward: Duration,
    /// Tasks to be woken when nothing is locked: a waker is foreign code.
    woken: Vec<Waker>,
}

/// A step in the life of a connection.
struct Step<'a> {
    connection: &'a Arc<Connection>,
    state: &'a mut State,
    now: Time,
}

impl Connection {
    /// A connection of which nobody knows yet.
    pub(super) fn new(
        sim: Sim,
        settings: Settings,
        locations: Pair<Location>,
        paths: Pair<Arc<Local<Path>>>,
        number: u32,
    ) -> Arc<Self> {
        let state = State {
            ends: Pair([End::new(), End::new()]),
            pipes: Pair(Role::BOTH.map(|from| Pipe::new(&settings, from))),
            door: None,
            outward: Duration::ZERO,
            woken: Vec::new(),
        };
        Arc::new(Self { sim, settings, locations, paths, number, state: Local::new(state) })
    }

    fn step<T>(self: &Arc<Self>, step: impl FnOnce(&mut Step<'_>) -> T) -> T {
        let now = self.sim.now();
        let mut state = self.state.borrow_mut();
        let result = step(&mut Step { connection: self, state: &mut state, now });
        self.arm(&mut state);
        // Most often there is one or none, and the memory is kept.
        let last = state.woken.pop();
        let others = if state.woken.is_empty() { vec![] } else { std::mem::take(&mut state.woken) };
        drop(state);
        for waker in others {
            waker.wake();
        }
        if let Some(waker) = last {
            waker.wake();
        }
        result
    }

    /// Asks the world to call when something is due.
    fn arm(self: &Arc<Self>, state: &mut State) {
        for role in Role::BOTH {
            let waits = state.ends[role].waits_to_write();
            if let Some(due) = state.pipes[role].arm(waits) {
                let connection = Arc::clone(self);
                self.sim.at(due, move || connection.turn(role));
            }
        }
    }
}

impl Step<'_> {
    /// Sends a segment away from `from`.
    fn send(&mut self, from: Role, content: Content) {
        let path = &mut self.connection.paths[from].borrow_mut();
        self.state.pipes[from].flight.send(self.now, content, path);
    }

    /// Sends a packet of its own, which is not sent again. Returns when it arrives.
    fn send_once(&self, from: Role) -> Option<Time> {
        self.connection.paths[from].borrow_mut().send(self.now, from, 0)
    }

    /// Whether the host at `role` is up.
    fn answers(&self, role: Role) -> bool {
        self.connection.locations[role].machine.answers()
    }

    fn emit(&self, kind: Kind, value: usize) {
        let (entity, value) = (self.connection.number, value as u64);
        self.connection.sim.emit(Event { entity, kind: kind as u8, value });
    }
}

/// What happened on a network, as the digest sees it. The entity is a connection.
#[derive(Clone, Copy, Debug)]
enum Kind {
    /// A connection was established, at the end that is the value.
    Opened = 64,
    /// Bytes arrived.
    Arrived = 65,
    /// The end of a direction arrived.
    Ended = 66,
    /// An end learnt that the connection failed.
    Failed = 67,
}
