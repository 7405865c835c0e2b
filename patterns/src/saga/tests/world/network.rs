use std::sync::{Arc, Mutex};

use cascadia_runtime::Stream;
use tokio::sync::watch;

use crate::call::BoxFuture;
use crate::saga::participant::Participant;
use crate::saga::{Command, Outcome};
use crate::sync::lock;
use crate::testing::ms;

/// The way to a participant: commands and answers are lost, late, and come twice.
#[derive(Clone)]
pub(in crate::saga::tests) struct Lossy {
    to: Arc<dyn Participant>,
    draws: Arc<Mutex<Stream>>,
    /// The share of commands to which something happens.
    share: f64,
    is_calm: watch::Receiver<bool>,
    is_paused: watch::Receiver<bool>,
}

impl Lossy {
    pub(in crate::saga::tests) fn new(
        to: &Arc<dyn Participant>,
        seed: u64,
        share: f64,
        is_calm: &watch::Receiver<bool>,
        is_paused: &watch::Receiver<bool>,
    ) -> Self {
        Self {
            to: Arc::clone(to),
            draws: Arc::new(Mutex::new(Stream::from_seed(seed))),
            share,
            is_calm: is_calm.clone(),
            is_paused: is_paused.clone(),
        }
    }

    fn draw(&self) -> (u64, u64) {
        let mut draws = lock(&self.draws);
        let is_hit = !*self.is_calm.borrow() && draws.unit() < self.share;
        (if is_hit { draws.below(6) } else { 9 }, draws.below(400))
    }
}

impl Participant for Lossy {
    fn call(&self, command: Command) -> BoxFuture<Outcome> {
        let mut own = self.clone();
        Box::pin(async move {
            let _ = own.is_paused.wait_for(|is_paused| !is_paused).await;
            let (fate, delay) = own.draw();
            let to = Arc::clone(&own.to);
            let late = |to: Arc<dyn Participant>, command| async move {
                tokio::time::sleep(ms(delay)).await;
                to.call(command).await
            };
            match fate {
                0 => std::future::pending().await,
                1 => Outcome::Unknown,
                2 => {
                    drop(tokio::spawn(late(to, command)));
                    Outcome::Unknown
                }
                3 => {
                    drop(tokio::spawn(late(Arc::clone(&to), command.clone())));
                    to.call(command).await
                }
                4 => late(to, command).await,
                5 => {
                    let _ = to.call(command).await;
                    Outcome::Unknown
                }
                _ => to.call(command).await,
            }
        })
    }
}
