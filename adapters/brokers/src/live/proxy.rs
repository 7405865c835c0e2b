use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use tokio::time::sleep;

/// Something between a client and its server that can cut their connections.
#[derive(Debug)]
pub struct Proxy {
    /// Where it listens.
    pub port: u16,
    open: Arc<Mutex<Vec<AbortHandle>>>,
    mood: Arc<Mood>,
    listening: AbortHandle,
}

/// What becomes of what the server says.
#[derive(Debug, Default)]
struct Mood {
    is_silent: AtomicBool,
    is_held: AtomicBool,
}

/// How often is looked whether what is held may go on.
const LOOK: Duration = Duration::from_millis(10);

impl Proxy {
    /// Before the server at a port of this machine.
    ///
    /// # Panics
    ///
    /// When there is no port left.
    pub async fn before(server: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let port = listener.local_addr().expect("it has one").port();
        let (open, mood) = (Arc::<Mutex<Vec<AbortHandle>>>::default(), Arc::default());
        let (all, own) = (Arc::clone(&open), Arc::clone(&mood));
        let listening = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let carried = tokio::spawn(carry(client, server, Arc::clone(&own)));
                let carried = carried.abort_handle();
                all.lock().unwrap_or_else(PoisonError::into_inner).push(carried);
            }
        });
        Self { port, open, mood, listening: listening.abort_handle() }
    }

    /// Loses from now on what the server says, which does not know that.
    pub fn silence(&self) {
        self.mood.is_silent.store(true, Ordering::Release);
    }

    /// Takes nothing more from the server, or goes on.
    pub fn hold(&self, is_held: bool) {
        self.mood.is_held.store(is_held, Ordering::Release);
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

async fn carry(mut client: TcpStream, server: u16, mood: Arc<Mood>) {
    let Ok(mut there) = TcpStream::connect(("127.0.0.1", server)).await else { return };
    // What is written at once is meant to be there at once.
    drop(client.set_nodelay(true));
    drop(there.set_nodelay(true));
    let ((mut asks, answers), (says, mut hears)) = (client.split(), there.split());
    // However it ends, it has ended.
    tokio::select! {
        _ = copy(&mut asks, &mut hears) => {}
        () = tell(says, answers, &mood) => {}
    }
}

async fn tell(mut says: ReadHalf<'_>, mut answers: WriteHalf<'_>, mood: &Mood) {
    let mut part = vec![0; 64 * 1024];
    while let Ok(size @ 1..) = says.read(&mut part).await {
        let is_heard = !mood.is_silent.load(Ordering::Acquire);
        if is_heard && answers.write_all(&part[..size]).await.is_err() {
            return;
        }
        while mood.is_held.load(Ordering::Acquire) {
            sleep(LOOK).await;
        }
    }
}
