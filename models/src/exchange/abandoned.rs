//! When a caller stopped waiting, or somebody for whom it works.
//!
//! Calls are made for each other in chains, as long as a file wants them. So none of this goes up a chain by
//! calling itself, and what was found out on the way up is kept by all on the way, until somebody stops waiting:
//! a chain whose calls end one after the other is gone through once.

use std::cell::Cell;
use std::sync::Arc;

use cascadia_runtime::Time;

use super::Exchange;

thread_local! {
    /// How often anybody has stopped waiting on this thread, and with that in this world; never zero.
    static COUNT: Cell<u64> = const { Cell::new(1) };
}

impl Exchange {
    /// The caller stops waiting, and tells who works.
    pub(super) fn abandon(self: &Arc<Self>, now: Time) {
        let abandoned = self.abandoned().unwrap_or(now);
        COUNT.set(COUNT.get() + 1);
        self.reply.learn(Some(abandoned), COUNT.get());
        self.peer.cancelled(self);
    }

    /// When the caller, or whoever it works for, stopped waiting.
    #[inline]
    pub(crate) fn abandoned(&self) -> Option<Time> {
        let own = self.reply.abandoned();
        match &self.request.parent {
            None => own,
            Some(_) if own.is_some() => own,
            // Most are made for a user's request.
            Some(above) if above.request.parent.is_none() => above.reply.abandoned(),
            Some(_) => self.abandoned_above(),
        }
    }

    fn abandoned_above(&self) -> Option<Time> {
        let count = COUNT.get();
        let known = self.lineage().find_map(|exchange| exchange.reply.known(count));
        let abandoned = known.flatten();
        let unknown = self.lineage().take_while(|it| it.reply.known(count).is_none());
        unknown.for_each(|exchange| exchange.reply.learn(abandoned, count));
        abandoned
    }

    /// It, whom it was made for, and so on.
    fn lineage(&self) -> impl Iterator<Item = &Self> {
        fn above(exchange: &Exchange) -> Option<&Exchange> {
            exchange.request.parent.as_deref()
        }
        std::iter::successors(Some(self), |exchange| above(exchange))
    }
}

impl Drop for Exchange {
    #[inline]
    fn drop(&mut self) {
        if let Some(above) = self.request.parent.take() {
            end(above);
        }
    }
}

/// Ends those that the last of them alone keeps one after the other, and not one within the other.
fn end(last: Arc<Exchange>) {
    let mut above = Some(last);
    while let Some(mut last) = above.and_then(Arc::into_inner) {
        above = last.request.parent.take();
    }
}
