//! Components that speak HTTP: a site, and a browser of it.

use core::net::SocketAddr;
use std::convert::Infallible;
use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cascadia::Registry;
use cascadia::component::{Build, Component, Envelope, Life, Place, Row, Rows};
use cascadia_models::tcp::Host;
use cascadia_patterns::call::BoxFuture;
use cascadia_runtime::{Listener, Net, Runtime, Time};
use cascadia_testbed::{Io, http1_server};
use http_body_util::{BodyExt, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::service::service_fn;
use hyper::{Request, Response};

const ROWS: &[Row] = &[
    Row::count("answered", "Requests answered within a tenth of a second."),
    Row::count("late", "Requests answered after that."),
    Row::count("reset", "Requests whose connection was reset."),
    Row::count("refused", "Requests for which a connection was refused."),
    Row::count("timed_out", "Requests given up after a second."),
];

/// What became of each request: its row, and in milliseconds when it was sent and how long it took.
pub(super) type Log = Arc<Mutex<Vec<(&'static str, u64, u64)>>>;

type Error = Box<dyn std::error::Error + Send + Sync>;

/// Code that runs at a place in each of its lives, and what it has met.
#[derive(Clone, Debug)]
struct Code {
    run: fn(Life, Log) -> BoxFuture<()>,
    log: Log,
}

impl Component for Code {
    fn boot(self: Arc<Self>, life: Life) {
        life.spawn((self.run)(life.clone(), Arc::clone(&self.log)));
    }

    fn receive(self: Arc<Self>, _: Envelope) {}

    fn rows(&self, rows: &mut Rows) {
        self.log.lock().unwrap().iter().for_each(|(row, ..)| rows.add(row, 1));
    }
}

impl Build for Code {
    fn rows(&self) -> &'static [Row] {
        ROWS
    }

    fn build(&self, _: &Arc<Place>) -> Arc<dyn Component> {
        Arc::new(self.clone())
    }
}

/// A registry of sites, and of browsers that write down what they meet.
pub(super) fn registry(log: &Log) -> Registry {
    let browsing = Code { run: browse, log: Arc::clone(log) };
    let serving = Code { run: serve, log: Log::default() };
    Registry::default()
        .with("browser", move |_| Ok(Arc::new(browsing.clone())))
        .with("site", move |_| Ok(Arc::new(serving.clone())))
}

/// Answers everyone after fifty milliseconds.
fn serve(life: Life, _: Log) -> BoxFuture<()> {
    Box::pin(async move {
        let host = life.host();
        let listener = host.listen(host.address(80)).await.unwrap();
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let clock = host.clone();
            let service = service_fn(move |_: Request<Incoming>| {
                let clock = clock.clone();
                async move {
                    clock.sleep(Duration::from_millis(50)).await;
                    Ok::<_, Infallible>(Response::new(Empty::<Bytes>::new()))
                }
            });
            let connection = http1_server(&host).serve_connection(Io::new(stream), service);
            // One that fails is the browser's to notice.
            host.spawn(async move { drop(connection.await) });
        }
    })
}

/// Sends a request each half second over one connection, and makes another when that has failed.
fn browse(life: Life, log: Log) -> BoxFuture<()> {
    Box::pin(async move {
        let host = life.host();
        let site = life.address(life.find("site")[0], 80);
        let mut connection = None;
        for turn in 0.. {
            host.sleep_until(Time::ZERO + Duration::from_millis(500) * turn).await;
            let start = host.now();
            let row = patient(&host, site, &mut connection).await;
            let took = host.now().since(start);
            let row =
                if row == "answered" && took > Duration::from_millis(100) { "late" } else { row };
            let millis = |time: Duration| time.as_millis() as u64;
            log.lock().unwrap().push((row, millis(start.since(Time::ZERO)), millis(took)));
        }
    })
}

type Connection = SendRequest<Empty<Bytes>>;

/// Sends a request and waits for a second. A connection that has failed is not kept.
async fn patient(host: &Host, site: SocketAddr, held: &mut Option<Connection>) -> &'static str {
    let connection = held.take();
    tokio::select! {
        biased;
        done = get(host, site, connection) => match done {
            Ok(connection) => {
                *held = Some(connection);
                "answered"
            }
            Err(error) => row_of(&*error),
        },
        () = host.sleep(Duration::from_secs(1)) => "timed_out",
    }
}

async fn get(host: &Host, site: SocketAddr, held: Option<Connection>) -> Result<Connection, Error> {
    let mut connection = match held {
        Some(connection) => connection,
        None => {
            let (connection, driver) = handshake(Io::new(host.dial(site).await?)).await?;
            host.spawn(async { drop(driver.await) });
            connection
        }
    };
    let request = Request::get("http://site/").body(Empty::new())?;
    connection.send_request(request).await?.into_body().collect().await?;
    Ok(connection)
}

/// The row of what lies below an error.
fn row_of(error: &(dyn std::error::Error + 'static)) -> &'static str {
    match error.downcast_ref::<io::Error>().map(io::Error::kind) {
        Some(ErrorKind::ConnectionReset) => "reset",
        Some(ErrorKind::ConnectionRefused) => "refused",
        _ => row_of(error.source().expect("an error of a connection lies below")),
    }
}
