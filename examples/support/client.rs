use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{self, StatusCode, Uri};
use cascadia_patterns::call::{Call, Context, Failure, Request, call_fn};
use cascadia_patterns::env::Env;
use cascadia_runtime::{Stream, TokioWorld};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

/// A request for `/`, with what the layers know of it.
#[derive(Clone, Default)]
pub(crate) struct Get {
    pub(crate) context: Context,
}

impl Request for Get {
    fn context(&self) -> &Context {
        &self.context
    }

    fn context_mut(&mut self) -> &mut Context {
        &mut self.context
    }

    fn try_clone(&self) -> Option<Self> {
        Some(self.clone())
    }
}

/// How HTTP fails.
#[derive(Debug)]
pub(crate) enum Http {
    /// No answer came.
    Unreachable,
    /// The server answered that it failed.
    Status(StatusCode),
}

/// The way to a server, with or without layers around it.
pub(crate) type Route = Arc<dyn Call<Get, StatusCode, Http>>;

/// A client with a pool of connections: the innermost end of every stack.
pub(crate) fn client(address: SocketAddr) -> Route {
    let http: Client<HttpConnector, Body> = Client::builder(TokioExecutor::new()).build_http();
    call_fn(move |_: Get| {
        let uri = Uri::builder().scheme("http").authority(address.to_string()).path_and_query("/");
        let http = http.clone();
        async move {
            let uri = uri.build().map_err(|_| Failure::Service(Http::Unreachable))?;
            let request = http::Request::get(uri).body(Body::empty());
            let request = request.map_err(|_| Failure::Service(Http::Unreachable))?;
            match http.request(request).await {
                Err(_) => Err(Failure::Service(Http::Unreachable)),
                Ok(answer) if answer.status().is_server_error() => {
                    Err(Failure::Service(Http::Status(answer.status())))
                }
                Ok(answer) => Ok(answer.status()),
            }
        }
    })
}

/// What the layers of the examples are built with: tokio, and randomness from a seed.
pub(crate) fn env<T, E>() -> Env<TokioWorld, T, E> {
    Env::new(TokioWorld::new(), Stream::from_seed(1))
}
