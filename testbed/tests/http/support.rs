use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cascadia_models::tcp::{Host, Link, Network, Settings};
use cascadia_runtime::{Listener, Net, Runtime};
use cascadia_sim_core::Simulation;
use cascadia_testbed::{Io, http1_server, http2_client, http2_server};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::{http1, http2};
use hyper::service::service_fn;
use hyper::{Request, Response};

pub(crate) type Error = Box<dyn std::error::Error + Send + Sync>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    One,
    Two,
}

pub(crate) const BOTH: [Version; 2] = [Version::One, Version::Two];

/// Serves everyone: says back what it is told, after fifty milliseconds.
pub(crate) async fn serve<N: Net>(world: N, listener: N::Listener, version: Version) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let (io, clock) = (Io::new(stream), world.clone());
        let service = service_fn(move |request| answer(clock.clone(), request));
        let world = world.clone();
        drop(world.clone().spawn(async move {
            // A connection that fails is the client's to notice.
            let _ = match version {
                Version::One => http1_server(&world).serve_connection(io, service).await,
                Version::Two => http2_server(&world).serve_connection(io, service).await,
            };
        }));
    }
}

async fn answer<N: Net>(
    world: N,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let body = request.into_body().collect().await.map_or_else(|_| Bytes::new(), |b| b.to_bytes());
    world.sleep(Duration::from_millis(50)).await;
    Ok(Response::new(Full::new(body)))
}

/// A connection of a client.
pub(crate) enum Client {
    One(http1::SendRequest<Full<Bytes>>),
    Two(http2::SendRequest<Full<Bytes>>),
}

impl Client {
    pub(crate) async fn connect<N: Net>(
        world: &N,
        to: SocketAddr,
        version: Version,
    ) -> Result<Self, Error> {
        let io = Io::new(world.dial(to).await?);
        Ok(match version {
            Version::One => {
                let (client, connection) = http1::handshake(io).await?;
                drop(world.spawn(async { drop(connection.await) }));
                Self::One(client)
            }
            Version::Two => {
                let (client, connection) = http2_client(world).handshake(io).await?;
                drop(world.spawn(async { drop(connection.await) }));
                Self::Two(client)
            }
        })
    }

    /// Says something and returns what comes back.
    pub(crate) async fn say(&mut self, what: &str) -> Result<String, Error> {
        self.post("/", what).await
    }

    pub(crate) async fn post(&mut self, path: &str, what: &str) -> Result<String, Error> {
        let body = Full::new(Bytes::copy_from_slice(what.as_bytes()));
        let request = Request::post(format!("http://server{path}")).body(body)?;
        let answer = match self {
            Self::One(client) => client.send_request(request).await?,
            Self::Two(client) => client.send_request(request).await?,
        };
        let body = answer.into_body().collect().await?.to_bytes();
        Ok(String::from_utf8(body.to_vec())?)
    }
}

/// Whether a reset lies below an error.
pub(crate) fn is_reset(error: &Error) -> bool {
    let mut below: Option<&(dyn std::error::Error + 'static)> = Some(&**error);
    while let Some(error) = below {
        let reset = |error: &io::Error| error.kind() == io::ErrorKind::ConnectionReset;
        if error.downcast_ref().is_some_and(reset) {
            return true;
        }
        below = error.source();
    }
    false
}

pub(crate) fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Two hosts, a millisecond apart, and what happened to them.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) network: Network,
    pub(crate) server: Host,
    pub(crate) client: Host,
    log: Arc<Mutex<Vec<String>>>,
}

impl World {
    pub(crate) fn address(&self) -> SocketAddr {
        self.server.address(80)
    }

    pub(crate) fn serve(&self, version: Version) {
        let world = self.clone();
        self.server.spawn(async move {
            let listener = world.server.listen(world.address()).await.unwrap();
            serve(world.server, listener, version).await;
        });
    }

    pub(crate) async fn connect(&self, version: Version) -> Client {
        Client::connect(&self.client, self.address(), version).await.unwrap()
    }

    pub(crate) fn note(&self, what: &str) {
        let now = self.client.now();
        self.log.lock().unwrap().push(format!("{now:?} {what}"));
    }
}

/// Runs a test beside two hosts. Returns what was noted, and the digest.
pub(crate) fn run<F>(test: impl FnOnce(World) -> F) -> (Vec<String>, u128)
where
    F: Future<Output = ()> + Send + 'static,
{
    let mut simulation = Simulation::new(1);
    let network = Network::new(simulation.sim(), Link::new(ms(1)), Settings::default());
    let (server, client) = (network.host("server"), network.host("client"));
    let log = Arc::default();
    let test = test(World { network, server, client, log: Arc::clone(&log) });
    simulation.block_on(test).unwrap();
    let log = std::mem::take(&mut *log.lock().unwrap());
    (log, simulation.digest().value())
}
