use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::call::{Failure, Kind};
use cascadia_patterns::messaging::Topic;
use cascadia_patterns::messaging::producer::Producer;
use cascadia_patterns::messaging::request_reply::{RequestConfig, RequestError, Requester};
use cascadia_runtime::Stream;
use cascadia_sim_core::Local;
use futures::future::{Either, select};
use tokio::sync::Notify;

use super::book::{Book, End, Page};
use super::client::{Remote, RemoteBroker};
use super::posting::Posting;
use super::reply;
use crate::exchange::{Answer, ServiceError};
use crate::plan::PublishPlan;
use crate::tcp::Host;

/// A requester at a replica, in one life.
pub(crate) struct RequestClient {
    remote: Arc<Remote>,
    /// It is there when it reads its inbox, and nobody will tell where that cannot be.
    opening: Arc<Opening>,
    book: Arc<Local<Book>>,
}

/// What is known of the requester, for those who wait for it: they are woken in the order in which they came.
#[derive(Default)]
struct Opening {
    /// Nothing until it is there, or will never be.
    end: Local<Option<Option<Arc<Requester<Host>>>>>,
    ended: Notify,
}

impl RequestClient {
    /// One that publishes as a plan says, and has its replies sent to `inbox`, a topic of its replica alone.
    pub(crate) fn new(
        remote: &Arc<Remote>,
        plan: &PublishPlan,
        inbox: Topic,
        streams: [Stream; 2],
    ) -> Self {
        let [publishes, reads] = streams;
        let broker = Arc::new(RemoteBroker(Arc::clone(remote)));
        let host = remote.life.host();
        let producer =
            Producer::new(plan.config.clone(), host.clone(), publishes, Arc::clone(&broker) as _);
        let producer = producer.expect("what a broker cannot do is refused with the plan");
        let book = remote.hub.book(&plan.topic);
        let (config, own) = (RequestConfig::new(inbox), Arc::clone(&book));
        let opening = Arc::<Opening>::default();
        let opens = Arc::clone(&opening);
        remote.life.spawn(async move {
            let opened = Requester::open(config, host, reads, broker, producer).await;
            let opened = opened.ok().map(Arc::new);
            opened.iter().for_each(|it| own.borrow_mut().opened(it));
            *opens.end.borrow_mut() = Some(opened);
            opens.ended.notify_waiters();
        });
        Self { remote: Arc::clone(remote), opening, book }
    }

    async fn opened(&self) -> Option<Arc<Requester<Host>>> {
        loop {
            let mut ended = pin!(self.opening.ended.notified());
            ended.as_mut().enable();
            if let Some(end) = &*self.opening.end.borrow_mut() {
                return end.clone();
            }
            ended.await;
        }
    }

    /// Publishes a request, and waits so long for its reply.
    pub(crate) async fn request(
        &self,
        plan: &PublishPlan,
        posting: Posting,
        timeout: Duration,
    ) -> Answer {
        let until = self.remote.life.now() + timeout;
        let page = Page::new(&self.book, until);
        let (spot, message) = posting.begin(&self.remote, plan);
        let opened = pin!(self.opened());
        let late = pin!(self.remote.life.sleep(timeout));
        let requester = match select(opened, late).await {
            Either::Left((Some(requester), _)) => requester,
            Either::Left((None, _)) => return self.fails(page, End::NotSent, Kind::Unavailable),
            Either::Right(_) => return self.fails(page, End::TimedOut, Kind::Timeout),
        };
        page.sent();
        let left = until.since(self.remote.life.now());
        let replied = requester.request_within(plan.topic.clone(), message, left).await;
        let is_done = matches!(replied, Ok(_) | Err(RequestError::Fault(_)));
        self.remote.hub.witness.borrow_mut().published(spot, is_done);
        match replied {
            Ok(message) => {
                page.ends(End::Replied, self.remote.life.now());
                Ok(reply::read(&message))
            }
            Err(RequestError::Fault(why)) => {
                page.ends(End::Fault, self.remote.life.now());
                Err(Failure::Service(reply::read_fault(&why)))
            }
            Err(RequestError::TimedOut) => self.fails(page, End::TimedOut, Kind::Timeout),
            Err(RequestError::NotSent(_)) => self.fails(page, End::NotSent, Kind::Unavailable),
        }
    }

    fn fails(&self, page: Page, end: End, kind: Kind) -> Answer {
        page.ends(end, self.remote.life.now());
        Err(Failure::Service(ServiceError::new(kind)))
    }
}

impl Drop for RequestClient {
    fn drop(&mut self) {
        self.book.borrow_mut().closed();
    }
}
