//! Connections that are lost around the commit.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use cascadia_patterns::store::{Commit, Condition, Store, StoreError};
use cascadia_postgres::PostgresStore;
use cascadia_runtime::{Net, TokioWorld};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::support::{config, run, server};

type Socket = <TokioWorld as Net>::Stream;

/// A connection that is lost when `COMMIT` is sent: before it arrives, or after.
struct Cut {
    socket: Socket,
    is_armed: Arc<AtomicBool>,
    arrives: bool,
    is_lost: bool,
}

impl AsyncRead for Cut {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.is_lost {
            true => Poll::Ready(Err(io::ErrorKind::ConnectionReset.into())),
            false => Pin::new(&mut self.socket).poll_read(context, into),
        }
    }
}

impl AsyncWrite for Cut {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let is_commit = bytes.windows(7).any(|part| part == b"COMMIT\0");
        if is_commit && self.is_armed.load(Ordering::Relaxed) {
            self.is_lost = true;
            self.is_armed.store(false, Ordering::Relaxed);
            if !self.arrives {
                return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
            }
            let written = Pin::new(&mut self.socket).poll_write(context, bytes);
            // The answer has been on its way for longer than anybody waits.
            context.waker().wake_by_ref();
            return written;
        }
        Pin::new(&mut self.socket).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(context)
    }
}

#[test]
#[ignore = "needs a server: .ci/live"]
fn who_is_cut_off_while_committing_does_not_know_and_finds_out_by_trying_again() {
    for arrives in [false, true] {
        run(async move {
            let (world, is_armed) = (TokioWorld::new(), Arc::new(AtomicBool::new(false)));
            let armed = Arc::clone(&is_armed);
            let dial = move || {
                let is_armed = Arc::clone(&armed);
                async move {
                    let socket = world.dial(server()).await?;
                    Ok(Cut { socket, is_armed, arrives, is_lost: false })
                }
            };
            let schema = config(&format!("cut_{arrives}"));
            let store = PostgresStore::over(world, dial, schema).unwrap();
            let once = Commit::new().given(Condition::Absent("once".into())).put("once", "");
            let before = store.revision().await.unwrap();
            is_armed.store(true, Ordering::Relaxed);
            let cut = store.commit(once.clone()).await;
            assert!(matches!(cut, Err(StoreError::Unknown(_))), "{cut:?}");
            let again = store.commit(once).await;
            let expected = if arrives { Err(StoreError::Conflict) } else { Ok(before.next()) };
            assert_eq!(again, expected, "over another connection");
            assert_eq!(store.revision().await, Ok(before.next()), "it has happened once");
        });
    }
}
