use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::rt::{Read, ReadBufCursor, Write};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A stream as hyper wants it: [`Read`] and [`Write`] over tokio's `AsyncRead` and `AsyncWrite`.
///
/// `TokioIo` of hyper-util does the same for the same streams, in any world. This one takes no
/// `unsafe` code, and for that copies what it reads once more.
#[derive(Debug)]
pub struct Io<S> {
    stream: S,
    scratch: Box<[u8]>,
}

/// What hyper reads at a time when it begins.
const SCRATCH: usize = 8 * 1024;

impl<S> Io<S> {
    /// hyper's view of `stream`.
    pub fn new(stream: S) -> Self {
        Self { stream, scratch: vec![0; SCRATCH].into() }
    }

    /// The stream.
    pub fn into_inner(self) -> S {
        self.stream
    }
}

impl<S: AsyncRead + Unpin> Read for Io<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut cursor: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let Self { stream, scratch } = &mut *self;
        let most = cursor.remaining().min(scratch.len());
        let mut buffer = ReadBuf::new(&mut scratch[..most]);
        let read = Pin::new(stream).poll_read(context, &mut buffer);
        cursor.put_slice(buffer.filled());
        read
    }
}

impl<S: AsyncWrite + Unpin> Write for Io<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
