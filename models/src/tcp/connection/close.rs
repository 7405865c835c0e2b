use std::io;
use std::sync::Arc;

use cascadia_runtime::Time;

use super::{Connection, Kind, Stage, Step};
use crate::tcp::side::Side;

/// The ways in which an end ceases to be.
impl Connection {
    /// Whoever held the end lets go of it. The host sends what is left, unless something that was
    /// never read shows the other side that it was not wanted (RFC 2525, 2.17).
    pub(in crate::tcp) fn close(self: &Arc<Self>, side: Side) {
        self.step(|step| step.close(side));
    }

    /// Whoever held the end is gone, or will never take it, and the host says so.
    pub(in crate::tcp) fn abort(self: &Arc<Self>, side: Side) {
        self.step(|step| match step.state.ends[side].stage {
            Stage::Absent | Stage::Closed => {}
            _ if step.answers(side) => {
                step.reset(side);
            }
            _ => step.forget(side),
        });
    }

    /// The host at `side` forgets the connection and says nothing.
    pub(in crate::tcp) fn lose(self: &Arc<Self>, side: Side) {
        self.step(|step| step.forget(side));
    }
}

impl Step<'_> {
    fn close(&mut self, side: Side) {
        let end = &mut self.state.ends[side];
        (end.reader, end.writer) = (None, None);
        let stage = end.stage;
        match stage {
            Stage::Absent | Stage::Closed => {}
            Stage::Open if self.answers(side) => {
                if self.state.pipes[side.other()].unread() > 0 {
                    self.reset(side);
                } else {
                    let path = &mut self.connection.paths[side].borrow_mut();
                    self.state.pipes[side].close(self.now, path);
                    self.state.ends[side].stage = Stage::Closed;
                }
            }
            Stage::Opening | Stage::Open => self.forget(side),
        }
    }

    /// The host at `from` knows of no such connection, or no longer, and says so once. Returns
    /// whether that arrives.
    pub(super) fn reset(&mut self, from: Side) -> bool {
        self.forget(from);
        let arrives = self.send_once(from);
        let pipe = &mut self.state.pipes[from];
        if let Some(arrives) = arrives {
            // What was sent before arrives before.
            pipe.reset = pipe.reset.min(arrives.max(pipe.flight.latest()));
        }
        pipe.reset < Time::MAX
    }

    /// A reset arrives at the other side.
    pub(super) fn deliver_reset(&mut self, from: Side) {
        let to = from.other();
        let reset = &mut self.state.pipes[from].reset;
        if *reset > self.now {
            return;
        }
        *reset = Time::MAX;
        match self.state.ends[to].stage {
            Stage::Absent => {}
            Stage::Opening if to == Side::Dialler => {
                self.fail(to, io::ErrorKind::ConnectionRefused);
            }
            _ => self.fail(to, io::ErrorKind::ConnectionReset),
        }
    }

    /// `side` learns that the connection failed.
    pub(super) fn fail(&mut self, side: Side, why: io::ErrorKind) {
        self.emit(Kind::Failed, side as usize);
        self.forget(side);
        let end = &mut self.state.ends[side];
        end.failure = Some(why);
        self.state.woken.extend(end.reader.take());
        self.state.woken.extend(end.writer.take());
    }

    /// The host at `side` forgets the connection. What is on its way arrives all the same.
    pub(super) fn forget(&mut self, side: Side) {
        let end = &mut self.state.ends[side];
        if end.stage != Stage::Absent {
            end.stage = Stage::Absent;
            end.failure.get_or_insert(io::ErrorKind::ConnectionAborted);
        }
        if side == Side::Listener
            && let Some(door) = self.state.door.take()
        {
            door.forget(self.connection);
        }
        self.state.pipes[side].flight.abandon();
    }
}
