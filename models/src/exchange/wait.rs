use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use cascadia_patterns::call::BoxFuture;
use cascadia_runtime::Runtime as _;
use cascadia_sim_core::Sim;

use super::{Answer, Exchange};

/// The wait of a caller. Dropped before the answer, it tells who works.
struct Wait {
    sim: Sim,
    exchange: Arc<Exchange>,
    over: bool,
}

/// Waits for the answer.
pub(crate) fn wait(sim: Sim, exchange: Arc<Exchange>) -> BoxFuture<Answer> {
    Box::pin(Wait { sim, exchange, over: false })
}

impl Future for Wait {
    type Output = Answer;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Answer> {
        let polled = self.exchange.poll(self.sim, context);
        self.over = polled.is_ready();
        polled
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        if !self.over {
            self.exchange.abandon(self.sim.now());
        }
    }
}
