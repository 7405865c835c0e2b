use std::fmt;
use std::sync::Arc;

use cascadia_runtime::{Runtime, Time};

use super::asked::Asked;
use super::claim::Claim;
use super::config::Concurrent;
use super::keys::{Keys, Known};
use crate::call::{
    BoxFuture, Call, Classify, Failure, Kind, Layer, Outcome, Reason, Rejection, Request,
};
use crate::env::{Env, refuse, reject};
use crate::observe::{Count, Observe, Signal};
use crate::store::{Range, Store, StoreError, Watch};
use crate::sync::before;

/// What a server says of its requests and answers, so that they can be known again.
pub trait Repeated<Q, T, E>: Send + Sync {
    /// The key of a request: what its caller sent as that, where nothing else is said.
    fn key(&self, request: &Q) -> Option<Arc<str>>
    where
        Q: Request,
    {
        request.context().baggage.key.as_ref().map(|key| Arc::from(key.0.as_str()))
    }

    /// The store as it is asked on behalf of a request: that of the layer, where nothing else is said.
    fn store(&self, _request: &Q, store: &Arc<dyn Store>) -> Arc<dyn Store> {
        Arc::clone(store)
    }

    /// Whose key it is, and of what: a tenant and a route.
    fn scope(&self, request: &Q) -> Arc<str>;

    /// What a request asks for.
    fn fingerprint(&self, request: &Q) -> u64;

    /// Hands the claim to a request, for work whose effects are in the same store.
    fn claimed(&self, _request: &mut Q, _claim: &Claim) {}

    /// An answer as bytes; nothing where it cannot be kept.
    fn encode(&self, outcome: &Outcome<T, E>) -> Option<Vec<u8>>;

    /// The answer that was kept so.
    fn decode(&self, bytes: &[u8]) -> Option<Outcome<T, E>>;
}

/// Does a request once, however often it comes, and answers all the same.
pub struct IdempotencyLayer<R, Q, T, E> {
    keys: Keys,
    store: Arc<dyn Store>,
    repeated: Arc<dyn Repeated<Q, T, E>>,
    world: R,
    classify: Arc<dyn Classify<T, E>>,
    observe: Arc<dyn Observe>,
    inner: Arc<dyn Call<Q, T, E>>,
}

impl<R, Q, T, E> fmt::Debug for IdempotencyLayer<R, Q, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdempotencyLayer")
            .field("keys", &self.keys)
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}

impl<R, Q, T, E> IdempotencyLayer<R, Q, T, E> {
    /// One before `inner`, that keeps its answers in a store.
    pub fn new(
        keys: Keys,
        store: Arc<dyn Store>,
        repeated: Arc<dyn Repeated<Q, T, E>>,
        env: Env<R, T, E>,
        inner: Arc<dyn Call<Q, T, E>>,
    ) -> Arc<Self> {
        let Env { world, classify, observe, .. } = env;
        Arc::new(Self { keys, store, repeated, world, classify, observe, inner })
    }
}

impl<R, Q, T, E> IdempotencyLayer<R, Q, T, E>
where
    R: Runtime,
    Q: Request,
    T: Send + 'static,
    E: Send + 'static,
{
    async fn once(self: Arc<Self>, mut request: Q, asked: Asked) -> Outcome<T, E> {
        let store = self.repeated.store(&request, &self.store);
        let until = match self.keys.config().concurrent {
            Concurrent::Refuse => self.world.now(),
            Concurrent::Wait(most) => self.world.now() + most,
        };
        loop {
            let known = self.keys.begin(&store, self.world.wall(), &asked).await;
            match known.map_err(|_| self.reject(Reason::NO_STORE))? {
                Known::First(claim) => {
                    if claim.epoch() > 1 {
                        self.count(Count::DONE_AGAIN);
                    }
                    self.repeated.claimed(&mut request, &claim);
                    let outcome = Arc::clone(&self.inner).call(request).await;
                    return self.end((&store, &claim), &asked, outcome).await;
                }
                Known::Done(answer) => {
                    self.count(Count::ANSWERED_AGAIN);
                    return self.restored(&answer);
                }
                Known::Other => {
                    let rejection = Rejection::new(Layer::IDEMPOTENCY, Reason::KEY_REUSED);
                    return Err(self.tell(rejection.for_good()));
                }
                Known::InProgress(_) if self.world.now() < until => {
                    self.wait(&store, &asked, until).await;
                }
                Known::InProgress(lease) => {
                    let left = lease.since(self.world.wall());
                    let rejection = Rejection::new(Layer::IDEMPOTENCY, Reason::IN_PROGRESS);
                    return Err(self.tell(rejection.until(Some(left))));
                }
            }
        }
    }

    /// Waits until anything has become of the one that is under way, or it may be taken for crashed.
    async fn wait(&self, store: &Arc<dyn Store>, asked: &Asked, until: Time) {
        let row = self.keys.row(asked);
        let range = Range::only(row.clone());
        let Ok(seen) = store.revision().await else {
            return self.world.sleep_until(until).await;
        };
        // What ended before the revision was read is seen by who asks again.
        let now = self.world.wall();
        let look = match self.keys.look(store, now, asked).await {
            Ok(Some(Known::InProgress(lease))) => {
                self.world.now() + (lease + self.keys.config().skew).since(now)
            }
            _ => return,
        };
        let mut watch = Watch::new(store, range, seen);
        let changed = before(&self.world, look.min(until), Box::pin(watch.next())).await;
        if matches!(changed, Some(Err(_))) {
            self.world.sleep_until(look.min(until)).await;
        }
    }

    /// Keeps an answer, if it is one to be kept. Where the work itself has, or somebody has taken over, that answer counts.
    async fn end(
        &self,
        (store, claim): (&Arc<dyn Store>, &Claim),
        asked: &Asked,
        outcome: Outcome<T, E>,
    ) -> Outcome<T, E> {
        let kind = self.classify.kind(&outcome).unwrap_or(Kind::Ok);
        let kept = match self.keys.config().is_kept(kind) {
            true => self.repeated.encode(&outcome),
            false => None,
        };
        let now = self.world.wall();
        let ended = match &kept {
            Some(answer) => claim.answered(store, answer, now).await,
            None => claim.give_back(store).await,
        };
        match ended {
            Ok(()) => outcome,
            Err(StoreError::Conflict) => match self.keys.look(store, now, asked).await {
                Ok(Some(Known::Done(answer))) => self.restored(&answer),
                _ if kept.is_none() => outcome,
                _ => Err(self.reject(Reason::IN_PROGRESS)),
            },
            Err(_) if kept.is_none() => outcome,
            // Nobody knows whether the answer is kept: who comes again may get another one, and must not have seen this one.
            Err(_) => Err(self.reject(Reason::NO_STORE)),
        }
    }

    fn refused(&self, reason: Reason) -> BoxFuture<Outcome<T, E>> {
        let rejection = Rejection::new(Layer::IDEMPOTENCY, reason).for_good();
        refuse(&*self.observe, self.world.now(), rejection)
    }

    fn restored(&self, answer: &[u8]) -> Outcome<T, E> {
        self.repeated.decode(answer).unwrap_or_else(|| Err(self.reject(Reason::NO_STORE)))
    }

    fn reject(&self, reason: Reason) -> Failure<E> {
        self.tell(Rejection::new(Layer::IDEMPOTENCY, reason))
    }

    fn tell(&self, rejection: Rejection) -> Failure<E> {
        reject(&*self.observe, self.world.now(), rejection)
    }

    fn count(&self, count: Count) {
        self.observe.signal(self.world.now(), &Signal::Count(count));
    }
}

impl<R, Q, T, E> Call<Q, T, E> for IdempotencyLayer<R, Q, T, E>
where
    R: Runtime,
    Q: Request,
    T: Send + 'static,
    E: Send + 'static,
{
    fn call(self: Arc<Self>, request: Q) -> BoxFuture<Outcome<T, E>> {
        if request.context().baggage.safe {
            return Arc::clone(&self.inner).call(request);
        }
        let Some(key) = self.repeated.key(&request) else {
            return match self.keys.config().required {
                true => self.refused(Reason::KEY_MISSING),
                false => Arc::clone(&self.inner).call(request),
            };
        };
        if !self.keys.is_key(&key) {
            return self.refused(Reason::KEY_INVALID);
        }
        let scope = self.repeated.scope(&request);
        let fingerprint = self.repeated.fingerprint(&request);
        Box::pin(self.once(request, Asked { scope, key, fingerprint }))
    }

    fn inner(&self) -> Option<&dyn Call<Q, T, E>> {
        Some(&*self.inner)
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
