//! The same code in both worlds, and what is built on hyper.

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::routing::post;
use cascadia_runtime::{Listener, Net, Runtime, Task, Time, TokioWorld};
use cascadia_testbed::{Io, http1_server};
use hyper::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use tower_service::Service;

use crate::support::{BOTH, Client, Version, ms, run, serve};

#[test]
fn a_request_takes_its_round_trips_and_its_work() {
    for version in BOTH {
        run(move |world| async move {
            world.serve(version);
            let mut client = world.connect(version).await;
            assert_eq!(client.say("hello").await.unwrap(), "hello");
            assert_eq!(world.client.now(), Time::ZERO + ms(2 + 2 + 50));
            assert_eq!(client.say("again").await.unwrap(), "again");
            assert_eq!(world.client.now(), Time::ZERO + ms(2 + 52 + 52));
        });
    }
}

#[test]
fn bodies_larger_than_every_window_arrive() {
    for version in BOTH {
        run(move |world| async move {
            world.serve(version);
            let large = "0123456789abcdef".repeat(100_000);
            let echo = world.connect(version).await.say(&large).await.unwrap();
            assert!(echo == large);
        });
    }
}

#[tokio::test]
async fn the_same_code_runs_on_tokio() {
    let world = TokioWorld::new();
    for version in BOTH {
        let listener = world.listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = listener.address().unwrap();
        let serving = world.spawn(serve(world, listener, version));
        let mut client = Client::connect(&world, address, version).await.unwrap();
        assert_eq!(client.say("hello").await.unwrap(), "hello");
        serving.abort();
    }
}

async fn greet(Path(name): Path<String>, body: String) -> String {
    format!("{body}, {name}")
}

#[test]
fn a_router_of_axum_is_served() {
    run(|world| async move {
        let (host, address) = (world.server.clone(), world.address());
        world.server.spawn(async move {
            let router = Router::new().route("/greet/{name}", post(greet));
            let listener = host.listen(address).await.unwrap();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let router = router.clone();
                let service = service_fn(move |request: Request<Incoming>| {
                    let mut router = router.clone();
                    async move { router.call(request.map(Body::new)).await }
                });
                let connection = http1_server(&host).serve_connection(Io::new(stream), service);
                drop(host.spawn(async { connection.await.unwrap() }));
            }
        });
        let mut client = world.connect(Version::One).await;
        assert_eq!(client.post("/greet/world", "hello").await.unwrap(), "hello, world");
        assert_eq!(client.post("/nowhere", "hello").await.unwrap(), "");
        assert_eq!(world.client.now(), Time::ZERO + ms(2 + 2 + 2));
    });
}
