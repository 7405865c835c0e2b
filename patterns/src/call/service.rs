use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use cascadia_runtime::Time;

use super::Failure;

/// A boxed future that may move between threads.
pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// How a call ends.
pub type Outcome<T, E> = Result<T, Failure<E>>;

/// Something that can be called: a layer, a balancer, the way to a server.
///
/// A layer holds the next one as `Arc<dyn Call>`; a call costs at most one allocation a layer and no
/// clone of the stack.
///
/// A layer lets a call in, or refuses it, when it is called, and hands it on at once, so that no
/// layer keeps a request that only passes through it. One that may have to send the request again
/// does so when its future is first polled.
pub trait Call<Q, T, E>: Send + Sync {
    /// Begins a call. Its future waits for the end; dropped, it cancels the call and gives back what
    /// the call holds.
    fn call(self: Arc<Self>, request: Q) -> BoxFuture<Outcome<T, E>>;

    /// What it hands its calls on to, unless that is a choice or the end of the stack.
    fn inner(&self) -> Option<&dyn Call<Q, T, E>>;

    /// Whether a call that came at `now` would be let in, as a balancer asks before it chooses.
    fn status(&self, now: Time) -> Status {
        self.inner().map_or(Status::Ready, |inner| inner.status(now))
    }

    /// Whether something within chooses among endpoints, so that another try may go elsewhere.
    fn chooses(&self) -> bool {
        self.inner().is_some_and(|inner| inner.chooses())
    }

    /// Shows it, for [`Debug`](fmt::Debug) of what it is part of. A call that need not implement
    /// that is shown by the name of its type.
    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::any::type_name::<Self>())
    }
}

impl<Q, T, E> fmt::Debug for dyn Call<Q, T, E> + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.show(f)
    }
}

/// Whether something can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// A call would be let in.
    Ready,
    /// A circuit is open, or its probes are taken.
    Rests {
        /// Until when at least, if nothing else happens; [`Time::MAX`] where nobody knows.
        until: Time,
    },
}

/// A call made of a function, for the innermost end of a stack.
///
/// ```
/// use cascadia_patterns::call::{Call, Failure, call_fn};
///
/// let echo = call_fn(|request: u32| async move { Ok::<_, Failure<()>>(request) });
/// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
/// assert_eq!(runtime.block_on(echo.call(7)), Ok(7));
/// ```
pub fn call_fn<Q, T, E, F, Fut>(function: F) -> Arc<dyn Call<Q, T, E>>
where
    F: Fn(Q) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Outcome<T, E>> + Send + 'static,
{
    Arc::new(CallFn(function))
}

struct CallFn<F>(F);

impl<Q, T, E, F, Fut> Call<Q, T, E> for CallFn<F>
where
    F: Fn(Q) -> Fut + Send + Sync,
    Fut: Future<Output = Outcome<T, E>> + Send + 'static,
{
    fn call(self: Arc<Self>, request: Q) -> BoxFuture<Outcome<T, E>> {
        Box::pin((self.0)(request))
    }

    fn inner(&self) -> Option<&dyn Call<Q, T, E>> {
        None
    }
}

/// A policy stack as a [`tower_service::Service`].
///
/// Always ready: calls are let in or refused by `call`, so nothing is reserved by `poll_ready` and
/// nothing can leak from it. A clone shares the stack.
pub struct Stack<Q, T, E>(pub Arc<dyn Call<Q, T, E>>);

impl<Q, T, E> fmt::Debug for Stack<Q, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Stack").field(&self.0).finish()
    }
}

impl<Q, T, E> Clone for Stack<Q, T, E> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<Q, T, E> tower_service::Service<Q> for Stack<Q, T, E> {
    type Response = T;
    type Error = Failure<E>;
    type Future = BoxFuture<Outcome<T, E>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Q) -> Self::Future {
        Arc::clone(&self.0).call(request)
    }
}
