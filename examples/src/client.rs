use std::error::Error;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::header::RETRY_AFTER;
use axum::http::{self, StatusCode};
use cascadia_patterns::call::{Call, Context, Failure, Outcome, Request, call_fn};
use cascadia_patterns::env::Env;
use cascadia_patterns::trace;
use cascadia_patterns::wire::grpc;
use cascadia_patterns::wire::http::{HttpAnswer, HttpClassifier};
use cascadia_runtime::{Runtime, Stream, TokioWorld};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

/// A request for `/`, with what the layers know of it.
#[derive(Clone, Default)]
pub struct Get {
    /// What the layers know of it.
    pub context: Context,
}

impl Request for Get {
    fn context(&self) -> &Context {
        &self.context
    }

    fn context_mut(&mut self) -> &mut Context {
        &mut self.context
    }

    fn try_clone(&mut self) -> Option<Self> {
        Some(self.clone())
    }
}

/// What a server answers. Whether that is a success is for the classifier to say.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    retry_after: Option<String>,
}

impl Answer {
    /// An answer with nothing but a status.
    pub fn new(status: StatusCode) -> Self {
        Self { status, retry_after: None }
    }
}

impl HttpAnswer for Answer {
    fn status(&self) -> u16 {
        self.status.as_u16()
    }

    fn retry_after(&self) -> Option<&str> {
        self.retry_after.as_deref()
    }
}

/// No answer came.
#[derive(Debug)]
pub struct Unreachable;

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no answer came")
    }
}

impl Error for Unreachable {}

/// The way to a server, with or without layers around it.
pub type Route = Arc<dyn Call<Get, Answer, Unreachable>>;

/// Puts layers around a route.
pub type Layers = fn(Route) -> Route;

/// A client with a pool of connections: the innermost end of every stack.
pub fn client(address: SocketAddr) -> Route {
    let http: Client<HttpConnector, Body> = Client::builder(TokioExecutor::new()).build_http();
    call_fn(move |get: Get| {
        let request = request(address, &get.context);
        let http = http.clone();
        async move { send(&http, request?).await }
    })
}

async fn send(
    http: &Client<HttpConnector, Body>,
    request: http::Request<Body>,
) -> Outcome<Answer, Unreachable> {
    let answer = http.request(request).await.map_err(|_| Failure::Service(Unreachable))?;
    let retry_after = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    Ok(Answer { status: answer.status(), retry_after: retry_after.map(str::to_owned) })
}

/// A request that carries its baggage, and tells how often it was tried.
fn request(
    address: SocketAddr,
    context: &Context,
) -> Result<http::Request<Body>, Failure<Unreachable>> {
    let mut request = http::Request::get(format!("http://{address}/"));
    if let Some(left) = grpc::remaining(&context.baggage, TokioWorld::new().now(), Duration::ZERO) {
        request = request.header(grpc::TIMEOUT, left);
    }
    if let Some(tries) = grpc::encode_attempts(context.attempt.number) {
        request = request.header(grpc::PREVIOUS_ATTEMPTS, tries);
    }
    for (name, value) in trace::forward(&context.baggage) {
        request = request.header(name, value);
    }
    request.body(Body::empty()).map_err(|_| Failure::Service(Unreachable))
}

/// What a layer of a client is built with: tokio, the meaning of HTTP statuses and headers, and
/// randomness.
pub fn env() -> Env<TokioWorld, Answer, Unreachable> {
    let classify = Arc::new(HttpClassifier::new(TokioWorld::new()));
    Env { classify, ..Env::new(TokioWorld::new(), Stream::from_entropy()) }
}
