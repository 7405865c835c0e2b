use std::fmt;
use std::future::Future;
use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use cascadia_runtime::{Net, Runtime};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::sync::before;

/// What `dial` connects to, within `limit`: `dial_within(&world, limit, world.dial(to))`.
///
/// A call that may take a minute need not wait a minute for a machine that is gone.
///
/// # Errors
///
/// `TimedOut` where nobody has answered by then, and whatever the world says.
pub async fn dial_within<N: Net>(
    world: &N,
    limit: Duration,
    dial: impl Future<Output = io::Result<N::Stream>>,
) -> io::Result<N::Stream> {
    before(world, world.now() + limit, pin!(dial))
        .await
        .unwrap_or_else(|| Err(timed_out("connecting")))
}

/// A stream on which silence is an error.
///
/// A read, or a write, that waits longer than `idle` fails with `TimedOut`. Every byte begins the
/// time anew: a long answer may take as long as it comes. While nobody reads or writes no time is
/// counted.
pub struct Timed<R: Runtime, S> {
    world: R,
    stream: S,
    idle: Duration,
    read: Timer<R>,
    write: Timer<R>,
}

type Timer<R> = Option<Pin<Box<<R as Runtime>::Sleep>>>;

impl<R: Runtime, S: fmt::Debug> fmt::Debug for Timed<R, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Timed")
            .field("stream", &self.stream)
            .field("idle", &self.idle)
            .field("reading", &self.read.is_some())
            .field("writing", &self.write.is_some())
            .finish_non_exhaustive()
    }
}

impl<R: Runtime, S> Timed<R, S> {
    /// Gives up `stream` when nothing moves for `idle`.
    pub fn new(world: R, stream: S, idle: Duration) -> Self {
        Self { world, stream, idle, read: None, write: None }
    }
}

/// What was polled, unless it has been waited for too long.
fn within<R: Runtime, T>(
    (world, idle): (&R, Duration),
    timer: &mut Timer<R>,
    context: &mut Context<'_>,
    polled: Poll<io::Result<T>>,
) -> Poll<io::Result<T>> {
    if polled.is_ready() {
        *timer = None;
        return polled;
    }
    let armed = timer.get_or_insert_with(|| Box::pin(world.deadline(world.now() + idle)));
    armed.as_mut().poll(context).map(|()| Err(timed_out("waiting for the other side")))
}

fn timed_out(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, format!("{what} took too long"))
}

impl<R: Runtime + Unpin, S: AsyncRead + Unpin> AsyncRead for Timed<R, S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let Self { world, stream, idle, read, .. } = self.get_mut();
        let polled = Pin::new(stream).poll_read(context, buffer);
        within((world, *idle), read, context, polled)
    }
}

impl<R: Runtime + Unpin, S: AsyncWrite + Unpin> AsyncWrite for Timed<R, S> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let Self { world, stream, idle, write, .. } = self.get_mut();
        let polled = Pin::new(stream).poll_write(context, bytes);
        within((world, *idle), write, context, polled)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { world, stream, idle, write, .. } = self.get_mut();
        let polled = Pin::new(stream).poll_flush(context);
        within((world, *idle), write, context, polled)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}
