use core::net::SocketAddr;
use std::fmt;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::connection::Connection;
use super::role::Role;

/// An end of a connection. Shutting it down ends one direction, dropping it closes it.
pub struct TcpStream {
    connection: Arc<Connection>,
    role: Role,
}

impl TcpStream {
    pub(super) fn new(connection: Arc<Connection>, role: Role) -> Self {
        Self { connection, role }
    }

    pub(super) async fn opened(&self) -> io::Result<()> {
        std::future::poll_fn(|context| self.connection.poll_opened(context)).await
    }

    /// The address of this end.
    pub fn local_address(&self) -> SocketAddr {
        self.connection.locations[self.role].address
    }

    /// The address of the other end.
    pub fn peer_address(&self) -> SocketAddr {
        self.connection.locations[self.role.other()].address
    }
}

impl AsyncRead for TcpStream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.connection.poll_read(self.role, context, buffer)
    }
}

impl AsyncWrite for TcpStream {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(context, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.connection.poll_write(self.role, context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    /// Ready at once: what is written is sent.
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.connection.shut_down(self.role))
    }
}

impl fmt::Debug for TcpStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TcpStream({} → {})", self.local_address(), self.peer_address())
    }
}

impl Drop for TcpStream {
    fn drop(&mut self) {
        self.connection.close(self.role);
    }
}
