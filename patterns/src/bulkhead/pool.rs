use std::collections::VecDeque;

use cascadia_runtime::Time;

use super::core::rejection;
use super::line::Line;
use super::{Admission, PoolConfig, Ticket};
use crate::call::Reason;

/// The threads of a pool and its queue.
///
/// A thread is a permit that outlives its call: it idles until the next one. Events go in as they
/// do into a [`Bulkhead`](super::Bulkhead).
#[derive(Debug)]
pub struct Pool {
    config: PoolConfig,
    busy: u32,
    /// Since when each idle thread is idle, longest first.
    idle: VecDeque<Time>,
    line: Line,
}

impl Pool {
    /// A pool without a thread.
    pub fn new(config: PoolConfig) -> Self {
        Self { config, busy: 0, idle: VecDeque::new(), line: Line::default() }
    }

    /// A call comes.
    pub fn on_call(&mut self, now: Time) -> Admission {
        self.retire(now);
        let PoolConfig { core, max, queue, max_wait, .. } = self.config;
        let grows = self.threads() < core;
        if !grows && self.idle.pop_front().is_none() {
            if self.waiting() < queue {
                return Admission::Queued { ticket: self.line.join(), most: max_wait };
            }
            if self.threads() >= max {
                return Admission::Rejected(rejection(Reason::FULL));
            }
        }
        self.busy += 1;
        Admission::Granted
    }

    /// A call ended. Returns whose turn it is: that one has the thread now.
    pub fn on_released(&mut self, now: Time) -> Option<Ticket> {
        let next = self.line.grant();
        if next.is_none() {
            self.busy -= 1;
            self.idle.push_back(now);
        }
        next
    }

    /// A waiter saw that it has a thread, if it has, and leaves the queue.
    pub fn on_claimed(&mut self, ticket: Ticket) -> bool {
        self.line.claim(ticket)
    }

    /// A waiter leaves. Returns whose turn it is when it leaves a thread behind.
    pub fn on_left(&mut self, now: Time, ticket: Ticket) -> Option<Ticket> {
        if self.line.leave(ticket) { self.on_released(now) } else { None }
    }

    /// Ends the threads beyond the core that have been idle for too long.
    fn retire(&mut self, now: Time) {
        let keepalive = self.config.keepalive;
        while self.threads() > self.config.core
            && self.idle.front().is_some_and(|since| now > *since + keepalive)
        {
            self.idle.pop_front();
        }
    }

    /// Threads, busy or idle, as of the last event.
    pub fn threads(&self) -> u32 {
        self.busy + self.idle.len() as u32
    }

    /// Calls that have a thread.
    pub fn in_flight(&self) -> u32 {
        self.busy
    }

    /// Calls that wait for one.
    pub fn waiting(&self) -> u32 {
        self.line.len()
    }
}
