use std::io;
use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpStream};

use super::TokioWorld;
use crate::{Listener, Net};

/// Sockets of the operating system.
impl Net for TokioWorld {
    type Stream = TcpStream;
    type Listener = TcpListener;

    async fn dial(&self, to: SocketAddr) -> io::Result<TcpStream> {
        let stream = TcpStream::connect(to).await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    async fn listen(&self, at: SocketAddr) -> io::Result<TcpListener> {
        TcpListener::bind(at).await
    }
}

impl Listener for TcpListener {
    type Stream = TcpStream;

    async fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {
        let (stream, from) = Self::accept(self).await?;
        stream.set_nodelay(true)?;
        Ok((stream, from))
    }

    fn address(&self) -> io::Result<SocketAddr> {
        self.local_addr()
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;
    use crate::Runtime;

    /// Greets one caller. It is generic, as code that runs in every world is.
    async fn greet<N: Net>(listener: N::Listener) {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"hello").await.unwrap();
    }

    async fn listen<N: Net>(world: &N, at: &str) -> (N::Listener, SocketAddr) {
        let listener = world.listen(at.parse().unwrap()).await.unwrap();
        let address = listener.address().unwrap();
        (listener, address)
    }

    #[tokio::test]
    async fn code_that_names_only_the_seam_talks_over_real_sockets() {
        let world = TokioWorld::new();
        let (listener, address) = listen(&world, "127.0.0.1:0").await;
        let greeting = world.spawn(greet::<TokioWorld>(listener));
        let mut stream = world.dial(address).await.unwrap();
        let mut heard = String::new();
        stream.read_to_string(&mut heard).await.unwrap();
        assert_eq!(heard, "hello");
        assert_eq!(greeting.await, Ok(()));
    }

    #[tokio::test]
    async fn nobody_listening_is_refused() {
        let world = TokioWorld::new();
        let (listener, address) = listen(&world, "127.0.0.1:0").await;
        drop(listener);
        let refused = world.dial(address).await.unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused);
    }
}
