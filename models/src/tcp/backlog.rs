use cascadia_sim_core::Local;
use std::collections::VecDeque;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::connection::{Connection, Door};

/// Connections that wait to be accepted.
pub(super) struct Backlog {
    /// Only its own host may connect.
    pub(super) private: bool,
    limit: usize,
    waiting: Local<Waiting>,
}

#[derive(Default)]
struct Waiting {
    /// Those whose handshake is not over.
    opening: Vec<Arc<Connection>>,
    /// Those to be accepted, first established first.
    open: VecDeque<Arc<Connection>>,
    acceptors: Vec<Waker>,
}

impl Backlog {
    pub(super) fn new(private: bool, limit: usize) -> Self {
        Self { private, limit, waiting: Local::default() }
    }

    /// Holds a place for a connection, if there is one.
    pub(super) fn admit(&self, connection: &Arc<Connection>) -> bool {
        let waiting = &mut self.waiting.borrow_mut();
        let room = waiting.opening.len() + waiting.open.len() < self.limit;
        if room {
            waiting.opening.push(Arc::clone(connection));
        }
        room
    }

    /// The next connection. Any number of tasks may wait for it.
    pub(super) fn poll_accept(&self, context: &Context<'_>) -> Poll<Arc<Connection>> {
        let waiting = &mut self.waiting.borrow_mut();
        if let Some(connection) = waiting.open.pop_front() {
            return Poll::Ready(connection);
        }
        if !waiting.acceptors.iter().any(|held| held.will_wake(context.waker())) {
            waiting.acceptors.push(context.waker().clone());
        }
        Poll::Pending
    }

    /// Hands out every connection that was not accepted.
    pub(super) fn close(&self) -> impl Iterator<Item = Arc<Connection>> + use<> {
        let waiting = std::mem::take(&mut *self.waiting.borrow_mut());
        waiting.opening.into_iter().chain(waiting.open)
    }
}

impl Door for Backlog {
    fn ready(&self, connection: &Arc<Connection>, woken: &mut Vec<Waker>) {
        let waiting = &mut self.waiting.borrow_mut();
        waiting.opening.retain(|held| !Arc::ptr_eq(held, connection));
        waiting.open.push_back(Arc::clone(connection));
        woken.append(&mut waiting.acceptors);
    }

    fn forget(&self, connection: &Arc<Connection>) {
        self.waiting.borrow_mut().opening.retain(|held| !Arc::ptr_eq(held, connection));
    }
}
