//! Branches that run at once.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use cascadia_patterns::call::Failure;
use cascadia_sim_core::Local;
use futures::FutureExt;
use futures::future::join_all;

use crate::exchange::{Answer, Content, ServiceError};

/// A branch with its end.
pub(super) type Branch<'a> = Pin<Box<dyn Future<Output = Answer> + Send + 'a>>;

/// What has come of the branches that have ended.
#[derive(Default)]
struct Joined {
    content: Content,
    failure: Option<Failure<ServiceError>>,
}

impl Joined {
    fn add(&mut self, part: Answer) {
        match part {
            Ok(part) => self.content = self.content.then(part),
            Err(failure) => {
                self.failure.get_or_insert(failure);
            }
        }
    }
}

/// Waits for all branches, or for the first failure, which drops the others. Before a failure is
/// looked at, every branch has gone as far as it can at this moment, so where it stands in the list
/// does not decide whether another begins.
pub(super) async fn all<'a>(branches: impl Iterator<Item = Branch<'a>>) -> Answer {
    let joined = Local::new(Joined::default());
    let end = |branch: Branch<'a>| branch.map(|part| joined.borrow_mut().add(part));
    let mut ends = join_all(branches.map(end));
    poll_fn(|context| {
        let over = ends.poll_unpin(context).is_ready();
        let mut joined = joined.borrow_mut();
        match joined.failure.take() {
            Some(failure) => Poll::Ready(Err(failure)),
            None if over => Poll::Ready(Ok(joined.content)),
            None => Poll::Pending,
        }
    })
    .await
}
