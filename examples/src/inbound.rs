use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::error_handling::HandleError;
use axum::extract::Request as HttpRequest;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use cascadia_patterns::call::{Baggage, Call, Context, Failure, Key, Request, Stack, call_fn};
use cascadia_patterns::env::Env;
use cascadia_patterns::trace;
use cascadia_patterns::wire::{grpc, http};
use cascadia_runtime::{Runtime, Stream, TokioWorld};
use tower::{Service, ServiceExt};

/// By which a server knows a request that comes again.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// A request that came in, with what the layers know of it.
pub struct Inbound {
    context: Context,
    /// What came in.
    pub request: HttpRequest,
}

impl Request for Inbound {
    fn context(&self) -> &Context {
        &self.context
    }

    fn context_mut(&mut self) -> &mut Context {
        &mut self.context
    }

    /// Its body can be read once.
    fn try_clone(&mut self) -> Option<Self> {
        None
    }
}

impl From<HttpRequest> for Inbound {
    fn from(request: HttpRequest) -> Self {
        let safe = request.method().is_safe();
        let baggage = Baggage { safe, ..baggage(request.headers()) };
        Self { context: Context::new(baggage), request }
    }
}

/// What a request carries in its headers.
fn baggage(headers: &HeaderMap) -> Baggage {
    let named = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let left = named(grpc::TIMEOUT).and_then(grpc::decode_timeout);
    let mut baggage =
        Baggage { deadline: left.map(|left| TokioWorld::new().now() + left), ..Baggage::default() };
    let readable = headers.iter().filter_map(|(name, value)| {
        let value = value.to_str().ok()?;
        Some((name.as_str(), value))
    });
    trace::accept(&mut baggage, readable);
    baggage.key = named(IDEMPOTENCY_KEY).map(|key| Arc::new(Key(key.into())));
    baggage
}

/// What answers the requests that come in, with or without layers before it.
pub type Handler = Arc<dyn Call<Inbound, Response, Infallible>>;

/// A router as the innermost end of a stack. It finds the [`Baggage`] of a request among its
/// extensions.
pub fn handler(router: Router) -> Handler {
    call_fn(move |Inbound { context, mut request }| {
        request.extensions_mut().insert(context.baggage);
        let answer = router.clone().oneshot(request);
        async move { answer.await.map_err(Failure::Service) }
    })
}

/// A stack as a tower service that has an answer to every request.
pub fn service(
    stack: Handler,
) -> impl Service<HttpRequest, Response = Response, Error = Infallible, Future: Send> + Clone + Send
{
    let stack = Stack(stack).map_request(Inbound::from);
    HandleError::new(stack, |failure| async move { told(&failure) })
}

/// What a caller is told.
fn told(failure: &Failure<Infallible>) -> Response {
    let Failure::Rejected(rejection) = failure else {
        return StatusCode::GATEWAY_TIMEOUT.into_response();
    };
    let status = StatusCode::from_u16(http::status_of(rejection));
    let status = status.unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    match rejection.retry_after.map(http::encode_retry_after) {
        Some(wait) => (status, [(RETRY_AFTER, wait)]).into_response(),
        None => status.into_response(),
    }
}

/// What a layer of a server is built with.
pub fn server_env() -> Env<TokioWorld, Response, Infallible> {
    Env::new(TokioWorld::new(), Stream::from_entropy())
}
