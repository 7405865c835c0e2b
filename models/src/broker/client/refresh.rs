use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use futures::FutureExt;
use futures::future::select;

use super::remote::Remote;
use crate::broker::words::{Asked, Reply};
use crate::component::Life;

/// How long a client waits for a place to say who leads what.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long it rests before it asks again (Kafka `retry.backoff.ms`).
const REST: Duration = Duration::from_millis(100);

/// How long it believes what it was told (Kafka `metadata.max.age.ms`).
const AGE: Duration = Duration::from_secs(300);

impl Remote {
    /// That of a name, which is kept up to date; none where there is no broker of this name.
    pub(crate) fn open(life: &Life, name: &str) -> Option<Arc<Self>> {
        let remote = Self::new(life, name)?;
        if remote.hub.plan.is_replicated() {
            remote.life.spawn(refresh(Arc::clone(&remote)));
        }
        Some(remote)
    }
}

/// Asks one place after another who leads what, whenever that is in doubt, until one knows more.
async fn refresh(remote: Arc<Remote>) {
    let mut next = 0;
    loop {
        let doubts = std::future::poll_fn(|context| {
            match remote.views.borrow_mut().take_doubt(context.waker()) {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        });
        let old = remote.life.sleep(AGE);
        select(doubts.boxed(), old.boxed()).await;
        for _ in 0..remote.nodes.len() {
            next = (next + 1) % remote.nodes.len();
            if let Ok(Reply::View(view)) = remote.ask(next, Asked::View, PATIENCE).await
                && remote.views.borrow_mut().learn(view)
            {
                break;
            }
        }
        remote.life.sleep(REST).await;
    }
}
