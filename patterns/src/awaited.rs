//! Answers that one task waits for, each no longer than until a time of its own.
//!
//! A deadline for each is a timer that is set and cancelled again for nearly every one. Here the task that waits has one
//! timer, for the answer that is due first.

use std::future::poll_fn;
use std::task::{Context, Poll};

use cascadia_runtime::{Runtime, Time};

use crate::call::BoxFuture;
use crate::future_set::{FutureSet, Key};
use crate::in_order::InOrder;
use crate::sync::before;

/// What was asked and not answered yet, each with what it is about.
pub(crate) struct Awaited<G, T> {
    answers: FutureSet<(Due, G), BoxFuture<T>>,
    until: InOrder<Due, Key>,
    asked: u64,
}

/// Until when an answer is waited for, and which one it is.
type Due = (Time, u64);

impl<G, T> Default for Awaited<G, T> {
    fn default() -> Self {
        Self { answers: FutureSet::default(), until: InOrder::default(), asked: 0 }
    }
}

impl<G, T> Awaited<G, T> {
    /// Something is asked, whose answer is waited for until then.
    pub(crate) fn ask(&mut self, until: Time, about: G, answer: BoxFuture<T>) {
        self.asked += 1;
        let due = (until, self.asked);
        self.until.insert(due, self.answers.insert((due, about), answer));
    }

    /// The next answer. It waits also where nothing is asked.
    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<(G, T)> {
        self.answers.poll_next(context).map(|((due, about), answer)| {
            self.until.remove(due);
            (about, answer)
        })
    }

    /// What the next is about that has waited long enough.
    pub(crate) fn overdue(&mut self, now: Time) -> Option<G> {
        if self.next_deadline() > now {
            return None;
        }
        let (_, key) = self.until.pop_first()?;
        self.answers.remove(key).map(|(_, about)| about)
    }

    /// When there will be one.
    pub(crate) fn next_deadline(&self) -> Time {
        self.until.first().map_or(Time::MAX, |((until, _), _)| until)
    }

    /// Waits for all answers, of which nobody wants to know any more.
    pub(crate) async fn finish<R: Runtime>(mut self, world: &R) {
        while let Some(((until, _), _)) = self.until.first() {
            if before(world, until, poll_fn(|context| self.poll(context))).await.is_none() {
                self.overdue(world.now());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    use cascadia_runtime::TokioWorld;

    use super::*;

    fn run(test: impl Future<Output = ()>) {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        builder.enable_time().start_paused(true).build().unwrap().block_on(test);
    }

    /// An answer that takes so many seconds.
    fn after(seconds: u64) -> BoxFuture<u64> {
        Box::pin(async move {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            seconds
        })
    }

    #[test]
    fn each_is_waited_for_until_a_time_of_its_own() {
        run(async {
            let world = TokioWorld::new();
            let begun = world.now();
            let at = |seconds| begun + Duration::from_secs(seconds);
            let mut awaited = Awaited::default();
            for (until, takes) in [(9, 4), (2, 5), (7, 6), (1, 8), (3, 3)] {
                awaited.ask(at(until), until, after(takes));
            }
            let mut ended = Vec::new();
            while awaited.next_deadline() < Time::MAX {
                let until = awaited.next_deadline();
                let answer = poll_fn(|context| awaited.poll(context));
                match before(&world, until, answer).await {
                    Some((until, takes)) => ended.push((until, Some(takes))),
                    None => ended.extend(awaited.overdue(world.now()).map(|until| (until, None))),
                }
            }
            assert_eq!(ended, [(1, None), (2, None), (3, Some(3)), (9, Some(4)), (7, Some(6))]);
        });
    }

    #[test]
    fn what_nobody_wants_to_know_is_waited_for_all_the_same_and_no_longer() {
        run(async {
            let (world, done) = (TokioWorld::new(), Arc::new(AtomicU32::new(0)));
            let begun = world.now();
            let mut awaited = Awaited::default();
            for takes in 1..=3 {
                let (done, answer) = (Arc::clone(&done), after(takes));
                let counted = async move {
                    answer.await;
                    done.fetch_add(1, Ordering::Relaxed);
                };
                awaited.ask(begun + Duration::from_secs(5), (), Box::pin(counted) as BoxFuture<()>);
            }
            awaited.ask(begun + Duration::from_secs(9), (), Box::pin(std::future::pending()));
            awaited.finish(&world).await;
            assert_eq!(done.load(Ordering::Relaxed), 3);
            assert_eq!(world.now().since(begun), Duration::from_secs(9));
        });
    }
}
