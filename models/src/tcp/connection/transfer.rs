use std::io;
use std::io::IoSlice;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::ReadBuf;

use super::end::remember;
use super::{Connection, Step};
use crate::tcp::side::Side;

/// What whoever holds an end does with it.
impl Connection {
    /// Writes what there is room for, and waits while there is none.
    pub(in crate::tcp) fn poll_write(
        self: &Arc<Self>,
        side: Side,
        context: &Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.step(|step| step.write(side, context, slices))
    }

    /// Reads what has arrived, and waits where that is nothing. Bytes that arrived before the
    /// connection failed can still be read.
    pub(in crate::tcp) fn poll_read(
        self: &Arc<Self>,
        side: Side,
        context: &Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.step(|step| step.read(side, context, buffer))
    }

    /// Ends the direction away from `side`. The other goes on.
    pub(in crate::tcp) fn shut_down(self: &Arc<Self>, side: Side) -> io::Result<()> {
        self.step(|step| {
            if let Some(failure) = step.state.ends[side].failure {
                return Err(failure.into());
            }
            let path = &mut step.connection.paths[side].borrow_mut();
            step.state.pipes[side].close(step.now, path);
            Ok(())
        })
    }
}

impl Step<'_> {
    fn write(
        &mut self,
        side: Side,
        context: &Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let (end, pipe) = (&mut self.state.ends[side], &mut self.state.pipes[side]);
        if let Some(failure) = end.failure {
            return Poll::Ready(Err(failure.into()));
        }
        if pipe.closing {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let path = &mut self.connection.paths[side].borrow_mut();
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
        side: Side,
        context: &Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let (end, pipe) = (&mut self.state.ends[side], &mut self.state.pipes[side.other()]);
        if pipe.unread() > 0 {
            if pipe.read(buffer.remaining(), |bytes| buffer.put_slice(bytes)) {
                self.update(side);
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

    /// `side` tells the other how much it has read.
    pub(super) fn update(&mut self, side: Side) {
        let arrives = self.send_once(side);
        self.state.pipes[side.other()].window.tell(arrives);
    }
}
