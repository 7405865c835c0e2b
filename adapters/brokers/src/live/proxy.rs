use std::sync::{Arc, Mutex, PoisonError};

use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

/// Something between a client and its server that can cut their connections.
#[derive(Debug)]
pub struct Proxy {
    /// Where it listens.
    pub port: u16,
    open: Arc<Mutex<Vec<AbortHandle>>>,
    listening: AbortHandle,
}

impl Proxy {
    /// Before the server at a port of this machine.
    ///
    /// # Panics
    ///
    /// When there is no port left.
    pub async fn before(server: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let port = listener.local_addr().expect("it has one").port();
        let open = Arc::<Mutex<Vec<AbortHandle>>>::default();
        let all = Arc::clone(&open);
        let listening = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let carried = tokio::spawn(carry(client, server)).abort_handle();
                all.lock().unwrap_or_else(PoisonError::into_inner).push(carried);
            }
        });
        Self { port, open, listening: listening.abort_handle() }
    }

    /// Cuts what is open. Who dials again is connected.
    pub fn cut(&self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.drain(..).for_each(|carried| carried.abort());
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.listening.abort();
        self.cut();
    }
}

async fn carry(mut client: TcpStream, server: u16) {
    let Ok(mut there) = TcpStream::connect(("127.0.0.1", server)).await else { return };
    // What is written at once is meant to be there at once.
    drop(client.set_nodelay(true));
    drop(there.set_nodelay(true));
    // However it ends, it has ended.
    drop(tokio::io::copy_bidirectional(&mut client, &mut there).await);
}
