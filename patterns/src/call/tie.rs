use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use crate::sync::lock;

/// Ties the copies of one call: as soon as the work on one of them begins, the others are dropped.
///
/// Who sends tied copies puts one of these into the attempt of all of them. Who learns that a
/// server has begun says so: a transport that reads an interim answer, such as HTTP 103 or the
/// initial metadata of gRPC.
#[derive(Clone, Debug, Default)]
pub struct Tie(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    begun: Option<u8>,
    waker: Option<Waker>,
}

impl Tie {
    /// The work on copy number `copy` has begun. Of several that begin the first counts.
    pub fn begins(&self, copy: u8) {
        let waker = {
            let mut state = lock(&self.0);
            state.begun.get_or_insert(copy);
            state.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// The copy that has begun, once.
    pub(crate) fn poll_begun(&self, context: &Context<'_>) -> Poll<u8> {
        let mut state = lock(&self.0);
        if let Some(copy) = state.begun.take() {
            return Poll::Ready(copy);
        }
        let replaced = state.waker.replace(context.waker().clone());
        drop(state);
        drop(replaced);
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_that_begins_is_told_once() {
        let tie = Tie::default();
        let context = Context::from_waker(Waker::noop());
        assert!(tie.poll_begun(&context).is_pending());
        tie.clone().begins(1);
        tie.begins(0);
        assert_eq!(tie.poll_begun(&context), Poll::Ready(1));
        assert!(tie.poll_begun(&context).is_pending());
    }
}
