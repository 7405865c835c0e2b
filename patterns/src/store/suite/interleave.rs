use std::future::poll_fn;
use std::task::Poll;

use cascadia_runtime::Stream;

use crate::call::BoxFuture;

/// Runs all of them at the same time, and polls them in an order that is drawn.
///
/// When none of them can go on, it waits for whatever they wait for.
pub async fn interleave<T>(mut running: Vec<BoxFuture<T>>, draws: &mut Stream) {
    poll_fn(|context| {
        // A turn polls each of them once, in some order.
        for left in (1..=running.len()).rev() {
            let drawn = draws.below(left as u64) as usize;
            match running[drawn].as_mut().poll(context) {
                Poll::Ready(_) => drop(running.swap_remove(drawn)),
                Poll::Pending => running.swap(drawn, left - 1),
            }
        }
        if running.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

/// Lets others go first, once.
pub async fn step() {
    let mut has_waited = false;
    poll_fn(|context| match std::mem::replace(&mut has_waited, true) {
        true => Poll::Ready(()),
        false => {
            context.waker().wake_by_ref();
            Poll::Pending
        }
    })
    .await;
}
