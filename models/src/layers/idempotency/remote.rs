use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use cascadia_patterns::call::{BoxFuture, Classify as _};
use cascadia_patterns::store::{Change, Commit, Query, Revision, Store, StoreError, View};
use cascadia_runtime::{Runtime as _, mix};
use cascadia_sim_core::Sim;
use futures::future::{Either, select};

use crate::draws::Purpose;
use crate::exchange::{Classifier, Request, Route};
use crate::ids::EndpointId;
use crate::store::{Ask, Errand, Wanted};

/// The way to a store.
pub(super) struct Way {
    pub(super) sim: Sim,
    pub(super) route: Route,
    pub(super) endpoint: EndpointId,
    pub(super) timeout: Duration,
}

/// The table of a store elsewhere, as it is asked on behalf of a request: what is read and written goes there and
/// back. That something has changed is told to whoever waits for it at once, and without a message.
pub(super) struct Remote {
    way: Arc<Way>,
    table: Arc<dyn Store>,
    request: Request,
    /// How often the store was asked.
    asked: AtomicU32,
}

impl Remote {
    pub(super) fn new(way: &Arc<Way>, table: &Arc<dyn Store>, request: &Request) -> Self {
        let (way, table, request) = (Arc::clone(way), Arc::clone(table), request.clone());
        Self { way, table, request, asked: AtomicU32::new(0) }
    }

    /// Has something done at the store.
    fn ask(
        &self,
        wanted: Wanted,
    ) -> impl Future<Output = (Arc<Errand>, Result<(), Unheard>)> + use<> {
        let purpose = Purpose::Errand(self.asked.fetch_add(1, Ordering::Relaxed));
        let key = mix(self.request.attempt_key(), purpose.tag());
        let baggage = self.request.context.baggage.for_another(!wanted.writes());
        let (way, errand) = (Arc::clone(&self.way), Arc::new(Errand::new(wanted)));
        let Request { origin, parent, .. } = &self.request;
        let request = Request::new(baggage, (way.endpoint, key), *origin, parent.clone());
        let row = request.row();
        let request = request.asking(Ask::errand(row, &errand));
        let late = way.sim.now() + way.timeout;
        async move {
            let answer = Arc::clone(&way.route).call(request);
            let told = match select(answer, Box::pin(way.sim.sleep_until(late))).await {
                Either::Left((Ok(_), _)) => Ok(()),
                Either::Left((answer, _)) if Classifier.is_untouched(&answer) => {
                    Err(Unheard::Untouched)
                }
                _ => Err(Unheard::Unknown),
            };
            (errand, told)
        }
    }
}

/// Why a store has said nothing.
enum Unheard {
    /// It has done nothing.
    Untouched,
    /// Who knows.
    Unknown,
}

fn unavailable() -> StoreError {
    StoreError::Unavailable("it does not answer".to_owned())
}

impl Store for Remote {
    fn read(&self, query: Query) -> BoxFuture<Result<View, StoreError>> {
        let asked = self.ask(Wanted::Read(query));
        Box::pin(async move {
            let (errand, told) = asked.await;
            told.map_err(|_| unavailable())?;
            errand.view().unwrap_or_else(|| Err(unavailable()))
        })
    }

    fn commit(&self, commit: Commit) -> BoxFuture<Result<Revision, StoreError>> {
        let asked = self.ask(Wanted::Commit(commit));
        Box::pin(async move {
            let (errand, told) = asked.await;
            told.map_err(|unheard| match unheard {
                Unheard::Untouched => unavailable(),
                Unheard::Unknown => StoreError::Unknown("it does not answer".to_owned()),
            })?;
            errand.revision().unwrap_or_else(|| Err(unavailable()))
        })
    }

    fn changes(&self, after: Revision) -> BoxFuture<Result<Vec<Change>, StoreError>> {
        self.table.changes(after)
    }

    fn forget(&self, through: Revision) -> BoxFuture<Result<(), StoreError>> {
        self.table.forget(through)
    }
}

impl fmt::Debug for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remote").field("asked", &self.asked).finish_non_exhaustive()
    }
}
