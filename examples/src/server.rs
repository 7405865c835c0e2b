use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;

use axum::extract::Request;
use axum::response::Response;
use tokio::net::TcpListener;
use tower::Service;
use tower::make::Shared;

/// Serves HTTP on a free port until the program ends; where to find it.
pub async fn serve<S>(service: S) -> io::Result<SocketAddr>
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, Shared::new(service)).await });
    Ok(address)
}
