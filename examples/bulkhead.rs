//! A bulkhead in front of an axum router: our stack as the tower service that the server runs.
//!
//! `cargo run --release --example bulkhead`
//!
//! The handler can do 400 requests a second, as only four at a time get at what it works with, and
//! 600 come. What to see: without a bulkhead all wait in a queue that grows as long as the load
//! lasts, so that every request is slow. With one, as many as can be served are served in good
//! time, and the rest are told at once to come back later.

mod support;

use std::convert::Infallible;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::error_handling::HandleError;
use axum::extract::Request as HttpRequest;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use cascadia_patterns::bulkhead::{BulkheadConfig, BulkheadLayer};
use cascadia_patterns::call::{Context, Failure, Request, Stack, call_fn};
use tokio::sync::Semaphore;
use tower::{Service, ServiceExt};

use self::support::{Load, client, env, heading, serve};

const LOAD: Load = Load { rate: 600, duration: Duration::from_secs(2) };

/// A handler that four requests at a time get through, in 10 ms each.
fn router() -> Router {
    let database = Arc::new(Semaphore::new(4));
    let handler = move || {
        let database = Arc::clone(&database);
        async move {
            match database.acquire().await {
                Ok(_connection) => {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                    StatusCode::OK
                }
                Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
            }
        }
    };
    Router::new().route("/", get(handler))
}

/// A request that came in, with what the layers know of it.
struct Inbound {
    context: Context,
    request: HttpRequest,
}

impl Request for Inbound {
    fn context(&self) -> &Context {
        &self.context
    }

    fn context_mut(&mut self) -> &mut Context {
        &mut self.context
    }

    /// Its body can be read once.
    fn try_clone(&self) -> Option<Self> {
        None
    }
}

/// The router behind a bulkhead, as a service that answers every request.
fn guarded(
    router: Router,
) -> impl Service<HttpRequest, Response = Response, Error = Infallible, Future: Send> + Clone + Send
{
    let inner = call_fn(move |inbound: Inbound| {
        let answer = router.clone().oneshot(inbound.request);
        async move { answer.await.map_err(Failure::Service) }
    });
    let max_wait = Duration::from_millis(20);
    let config = BulkheadConfig { limit: 4, max_wait, max_waiting: Some(8) };
    let stack = Stack(BulkheadLayer::new(config, env(), inner) as _)
        .map_request(|request| Inbound { context: Context::default(), request });
    HandleError::new(stack, |failure| async move { status(&failure) })
}

/// What a caller is told.
fn status(failure: &Failure<Infallible>) -> StatusCode {
    match failure {
        Failure::Rejected(_) => StatusCode::SERVICE_UNAVAILABLE,
        Failure::TimedOut(_) => StatusCode::GATEWAY_TIMEOUT,
        Failure::Service(never) => match *never {},
    }
}

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::print_stdout, reason = "it is an example")]
async fn main() -> Result<(), Box<dyn Error>> {
    println!("{}", heading());
    let bare = client(serve(router()).await?);
    println!("{}", LOAD.run(&bare).await.line("without a policy"));
    let guarded = client(serve(guarded(router())).await?);
    println!("{}", LOAD.run(&guarded).await.line("bulkhead before the router"));
    Ok(())
}
