use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use cascadia_patterns::messaging::{BrokerError, DeliveryId, Fed, Feed, Subscription, Topic};
use cascadia_sim_core::Local;
use futures::FutureExt;
use futures::future::{Either, select};

use super::member::Member;
use super::remote::Remote;
use super::told::Told;
use crate::broker::words::{Asked, Reply};

/// How often a feed says that it is there (Kafka `heartbeat.interval.ms`).
const BEAT: Duration = Duration::from_secs(3);

/// How long it waits for the answer to that, or to its coming.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long it rests before it comes again to who is not there (Kafka `reconnect.backoff.ms` and
/// `reconnect.backoff.max.ms`).
const REST: Duration = Duration::from_millis(50);
const LONGEST_REST: Duration = Duration::from_secs(1);

/// A feed at its consumer's place.
pub(super) struct RemoteFeed {
    pub(super) remote: Arc<Remote>,
    pub(super) number: u64,
    pub(super) told: Arc<Local<Told>>,
    /// The places that keep something of what it reads.
    pub(super) nodes: Vec<usize>,
    pub(super) topics: Vec<Topic>,
    /// How many messages its consumer has room for.
    pub(super) prefetch: u32,
    /// What it is in a group that shares partitions.
    pub(super) member: Option<Arc<Member>>,
}

impl std::fmt::Debug for RemoteFeed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RemoteFeed {}", self.number)
    }
}

impl Feed for RemoteFeed {
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Fed, BrokerError>>> {
        let told = &mut *self.told.borrow_mut();
        if told.is_over {
            return Poll::Ready(None);
        }
        match told.queue.pop_front() {
            Some(next) => {
                told.is_over = next.is_err();
                Poll::Ready(Some(next))
            }
            None if told.is_drained && told.has_none() => Poll::Ready(None),
            None => {
                told.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }

    fn credit(&mut self, most: u32) {
        let share = share(most.min(self.prefetch), self.remote.speakers(&self.topics));
        self.told.borrow_mut().room.share(share);
        self.tell();
    }

    fn handled(&mut self, id: &DeliveryId) {
        let Ok(node) = self.remote.keeper(&id.source.partition) else { return };
        if self.told.borrow_mut().room.handled(id, node) {
            self.remote.tell_room(self.number, &self.told, node);
        }
    }

    fn drain(&mut self) {
        {
            let told = &mut *self.told.borrow_mut();
            told.is_drained = true;
            told.room.share(0);
        }
        self.tell();
        self.told.borrow_mut().wake();
    }
}

impl RemoteFeed {
    fn tell(&self) {
        self.nodes.iter().for_each(|node| self.remote.tell_room(self.number, &self.told, *node));
    }
}

impl Drop for RemoteFeed {
    fn drop(&mut self) {
        self.told.borrow_mut().end();
        self.remote.forget(self.number);
        self.member.iter().for_each(|member| member.leave());
        self.nodes.iter().for_each(|node| self.remote.say(*node, Asked::Detach(self.number)));
    }
}

/// The part of a credit that each of so many places gives.
pub(super) fn share(credit: u32, nodes: usize) -> u32 {
    credit.div_ceil(nodes.max(1) as u32)
}

/// Keeps a feed attached to a place, for as long as it is there.
pub(super) async fn keep(
    remote: Arc<Remote>,
    (number, told): (u64, Arc<Local<Told>>),
    node: usize,
    subscription: Arc<Subscription>,
    member: Option<Arc<Member>>,
) {
    let mut rest = REST;
    while !told.borrow_mut().is_over {
        let credit = {
            let told = &mut *told.borrow_mut();
            told.lost[node] = false;
            told.room.tell(node);
            told.room.of(node)
        };
        let attach = Asked::Attach(number, Arc::clone(&subscription), credit);
        match remote.ask(node, attach, PATIENCE).await {
            Ok(_) => {
                rest = REST;
                member.iter().for_each(|member| member.sit(node));
                attached(&remote, (number, &told), node).await;
            }
            Err(error) if error.is_passing() => {
                remote.life.sleep(rest).await;
                rest = LONGEST_REST.min(rest * 2);
            }
            Err(error) => return told.borrow_mut().push(Err(error), remote.life.now()),
        }
    }
}

/// Says now and then that a feed is there, until the place knows it no more.
async fn attached(remote: &Arc<Remote>, (number, told): (u64, &Arc<Local<Told>>), node: usize) {
    loop {
        let lost = std::future::poll_fn(|context| {
            let told = &mut *told.borrow_mut();
            if told.lost[node] || told.is_over {
                return Poll::Ready(());
            }
            told.keepers[node] = Some(context.waker().clone());
            Poll::Pending
        });
        let beat = remote.life.sleep(BEAT);
        if let Either::Left(_) = select(lost.boxed(), beat.boxed()).await {
            return;
        }
        if let Ok(Reply::Unknown) = remote.ask(node, Asked::Beat(number), PATIENCE).await {
            return;
        }
    }
}
