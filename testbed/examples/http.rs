//! A real HTTP server and a real client on two hosts of a simulated network, behind a real timeout,
//! and what goes wrong between them.
//!
//! ```sh
//! cargo run --release -p cascadia-testbed --example http
//! ```

use std::convert::Infallible;
use std::error::Error;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cascadia_models::tcp::{Host, Link, Network, Settings};
use cascadia_patterns::call::{Call, Context, Failure, call_fn};
use cascadia_patterns::env::Env;
use cascadia_patterns::timeout::{TimeoutConfig, TimeoutLayer};
use cascadia_runtime::{Listener, Net, Runtime, Stream};
use cascadia_sim_core::{RunError, Simulation};
use cascadia_testbed::{Io, http1_server};
use http_body_util::{BodyExt, Empty, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};

/// Answers every request after ten milliseconds. It names no world, so it runs in production too.
async fn serve<N: Net>(world: N, at: SocketAddr) {
    let listener = world.listen(at).await.expect("the port is free");
    while let Ok((stream, _)) = listener.accept().await {
        let clock = world.clone();
        let service = service_fn(move |_| {
            let work = clock.sleep(Duration::from_millis(10));
            async move {
                work.await;
                Ok::<_, Infallible>(Response::new(Full::<Bytes>::from("hello")))
            }
        });
        let connection = http1_server(&world).serve_connection(Io::new(stream), service);
        drop(world.spawn(async { drop(connection.await) }));
    }
}

type Problem = Box<dyn Error + Send + Sync>;

/// Asks over a connection of its own.
async fn get<N: Net>(world: N, from: SocketAddr) -> Result<String, Problem> {
    let stream = world.dial(from).await?;
    let (mut client, connection) = http1::handshake(Io::new(stream)).await?;
    drop(world.spawn(async { drop(connection.await) }));
    let answer = client.send_request(Request::get("/").body(Empty::<Bytes>::new())?).await?;
    let body = answer.into_body().collect().await?.to_bytes();
    Ok(String::from_utf8(body.to_vec())?)
}

/// The client: the timeout of `cascadia-patterns` around real HTTP.
fn client(world: &Host, server: SocketAddr) -> Arc<dyn Call<Context, String, Problem>> {
    let from = world.clone();
    let call = call_fn(move |_| {
        let from = from.clone();
        async move { get(from, server).await.map_err(Failure::Service) }
    });
    let env = Env::new(world.clone(), Stream::from_seed(1));
    TimeoutLayer::new(TimeoutConfig { after: Duration::from_millis(500) }, env, call)
}

/// What happens, line by line, with the time to the nanosecond.
fn story() -> Result<Vec<String>, RunError> {
    let mut simulation = Simulation::new(42);
    let link = Link::new(Duration::from_micros(100));
    let network = Network::new(simulation.sim(), link, Settings::default());
    let (server, user) = (network.host("server"), network.host("user"));
    let address = server.address(80);
    server.spawn(serve(server.clone(), address));

    let log = Arc::new(Mutex::new(Vec::new()));
    let lines = Arc::clone(&log);
    simulation.block_on(async move {
        let client = client(&user, address);
        let ask = async |what: &str| {
            let start = user.now();
            let answer = Arc::clone(&client).call(Context::default()).await;
            let took = user.now().since(start);
            lines.lock().unwrap().push(format!("{took:>12?}  {what}: {answer:?}"));
            (answer.ok(), took)
        };
        let works = (Some("hello".to_owned()), Duration::from_micros(10_400));
        assert_eq!(ask("all is well").await, works);

        network.partition(&user, &server);
        assert_eq!(ask("partitioned").await, (None, Duration::from_millis(500)));
        network.heal(&user, &server);
        assert_eq!(ask("healed").await, works);

        let doomed = server.clone();
        user.spawn(async move {
            doomed.sleep(Duration::from_millis(5)).await;
            doomed.crash();
        });
        assert_eq!(ask("killed meanwhile").await, (None, Duration::from_micros(5_100)));
        assert_eq!(ask("still dead").await, (None, Duration::from_micros(200)));

        server.restart();
        server.spawn(serve(server.clone(), address));
        assert_eq!(ask("restarted").await, works);
    })?;
    let mut lines = std::mem::take(&mut *log.lock().unwrap());
    lines.push(format!("digest {}", simulation.digest()));
    Ok(lines)
}

#[expect(clippy::print_stdout, reason = "an example talks to its reader")]
fn main() -> Result<(), RunError> {
    let lines = story()?;
    println!("{}", lines.join("\n"));
    assert_eq!(lines, story()?, "a run repeats bit for bit");
    Ok(())
}

#[test]
fn it_is_as_the_example_says() {
    main().unwrap();
}
