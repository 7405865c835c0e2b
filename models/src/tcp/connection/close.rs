use std::io;
use std::sync::Arc;

use cascadia_runtime::Time;

use super::{Connection, Kind, Stage, Step};
use crate::tcp::role::Role;

/// The ways in which an end ceases to be.
impl Connection {
    /// Whoever held the end lets go of it. The host sends what is left, unless something that was
    /// never read shows the other end that it was not wanted (RFC 2525, 2.17).
    pub(in crate::tcp) fn close(self: &Arc<Self>, role: Role) {
        self.step(|step| step.close(role));
    }

    /// Whoever held the end is gone, or will never take it, and the host says so.
    pub(in crate::tcp) fn abort(self: &Arc<Self>, role: Role) {
        self.step(|step| match step.state.ends[role].stage {
            Stage::Absent | Stage::Closed => {}
            _ if step.answers(role) => {
                step.reset(role);
            }
            _ => step.forget(role),
        });
    }

    /// The host at `role` forgets the connection and says nothing.
    pub(in crate::tcp) fn lose(self: &Arc<Self>, role: Role) {
        self.step(|step| step.forget(role));
    }
}

impl Step<'_> {
    fn close(&mut self, role: Role) {
        let end = &mut self.state.ends[role];
        (end.reader, end.writer) = (None, None);
        let stage = end.stage;
        match stage {
            Stage::Absent | Stage::Closed => {}
            Stage::Open if self.answers(role) => {
                if self.state.pipes[role.other()].unread() > 0 {
                    self.reset(role);
                } else {
                    let path = &mut self.connection.paths[role].borrow_mut();
                    self.state.pipes[role].close(self.now, path);
                    self.state.ends[role].stage = Stage::Closed;
                }
            }
            Stage::Opening | Stage::Open => self.forget(role),
        }
    }

    /// The host at `from` knows of no such connection, or no longer, and says so once. Returns
    /// whether that arrives.
    pub(super) fn reset(&mut self, from: Role) -> bool {
        self.forget(from);
        let arrives = self.send_once(from);
        let pipe = &mut self.state.pipes[from];
        if let Some(arrives) = arrives {
            // What was sent before arrives before.
            pipe.reset = pipe.reset.min(arrives.max(pipe.flight.latest()));
        }
        pipe.reset < Time::MAX
    }

    /// A reset arrives at the other end.
    pub(super) fn deliver_reset(&mut self, from: Role) {
        let to = from.other();
        let reset = &mut self.state.pipes[from].reset;
        if *reset > self.now {
            return;
        }
        *reset = Time::MAX;
        match self.state.ends[to].stage {
            Stage::Absent => {}
            Stage::Opening if to == Role::Dialler => {
                self.fail(to, io::ErrorKind::ConnectionRefused);
            }
            _ => self.fail(to, io::ErrorKind::ConnectionReset),
        }
    }

    /// `role` learns that the connection failed.
    pub(super) fn fail(&mut self, role: Role, why: io::ErrorKind) {
        self.emit(Kind::Failed, role as usize);
        self.forget(role);
        let end = &mut self.state.ends[role];
        end.failure = Some(why);
        self.state.woken.extend(end.reader.take());
        self.state.woken.extend(end.writer.take());
    }

    /// The host at `role` forgets the connection. What is on its way arrives all the same.
    pub(super) fn forget(&mut self, role: Role) {
        let end = &mut self.state.ends[role];
        if end.stage != Stage::Absent {
            end.stage = Stage::Absent;
            end.failure.get_or_insert(io::ErrorKind::ConnectionAborted);
        }
        if role == Role::Listener
            && let Some(door) = self.state.door.take()
        {
            door.forget(self.connection);
        }
        self.state.pipes[role].flight.abandon();
    }
}
