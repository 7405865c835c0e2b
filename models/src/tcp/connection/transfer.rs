use std::io;
use std::io::IoSlice;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::ReadBuf;

use super::end::remember;
use super::{Connection, Step};
use crate::tcp::role::Role;

/// What whoever holds an end does with it.
impl Connection {
    /// Writes what there is room for, and waits while there is none.
    pub(in crate::tcp) fn poll_write(
        self: &Arc<Self>,
        role: Role,
        context: &Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.step(|step| step.write(role, context, slices))
    }

    /// Reads what has arrived, and waits where that is nothing. Bytes that arrived before the
    /// connection failed can still be read.
    pub(in crate::tcp) fn poll_read(
        self: &Arc<Self>,
        role: Role,
        context: &Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.step(|step| step.read(role, context, buffer))
    }

    /// Ends the direction away from `role`. The other goes on.
    pub(in crate::tcp) fn shut_down(self: &Arc<Self>, role: Role) -> io::Result<()> {
        self.step(|step| {
            if let Some(failure) = step.state.ends[role].failure {
                return Err(failure.into());
            }
            let path = &mut step.connection.paths[role].borrow_mut();
            step.state.pipes[role].close(step.now, path);
            Ok(())
        })
    }
}

impl Step<'_> {
    fn write(
        &mut self,
        role: Role,
        context: &Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let (end, pipe) = (&mut self.state.ends[role], &mut self.state.pipes[role]);
        if let Some(failure) = end.failure {
            return Poll::Ready(Err(failure.into()));
        }
        if pipe.closing {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let path = &mut self.connection.paths[role].borrow_mut();
        let written = pipe.write(self.now, slices, path);
        if written > 0 || slices.iter().all(|slice| slice.is_empty()) {
            return Poll::Ready(Ok(written));
        }
        remember(&mut end.writer, context);
        pipe.stall(self.now);
        Poll::Pending
    }

    fn read(
        &mut self,
        role: Role,
        context: &Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let (end, pipe) = (&mut self.state.ends[role], &mut self.state.pipes[role.other()]);
        if pipe.unread() > 0 {
            if pipe.read(buffer.remaining(), |bytes| buffer.put_slice(bytes)) {
                self.update(role);
            }
            return Poll::Ready(Ok(()));
        }
        if let Some(failure) = end.failure {
            return Poll::Ready(Err(failure.into()));
        }
        if pipe.ended {
            return Poll::Ready(Ok(()));
        }
        remember(&mut end.reader, context);
        Poll::Pending
    }

    /// `role` tells the other how much it has read.
    pub(super) fn update(&mut self, role: Role) {
        let arrives = self.send_once(role);
        self.state.pipes[role.other()].window.tell(arrives);
    }
}
