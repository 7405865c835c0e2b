//! Over a simulated network, where the server is absent, silent or slow.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use cascadia_models::tcp::{Host, Link, Network, Settings};
use cascadia_patterns::call::BoxFuture;
use cascadia_patterns::store::{Commit, Revision, Store, StoreError};
use cascadia_postgres::PostgresStore;
use cascadia_runtime::{Listener, Net, Runtime};
use cascadia_sim_core::Simulation;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::config;

const PORT: u16 = 5432;

struct World {
    network: Network,
    client: Host,
    server: Host,
    store: Arc<dyn Store>,
}

impl World {
    /// What becomes of something that is given up after three seconds, and how many milliseconds it took.
    async fn ask<T: Send>(&self, what: BoxFuture<T>) -> (Option<T>, u128) {
        let start = self.client.now();
        let answer = tokio::select! {
            biased;
            answer = what => Some(answer),
            () = self.client.sleep(Duration::from_secs(3)) => None,
        };
        (answer, self.client.now().since(start).as_millis())
    }

    /// How many connections there are, a while later.
    async fn connections(&self) -> usize {
        self.client.sleep(Duration::from_secs(1)).await;
        let sockets = self.network.netstat().0;
        sockets.iter().filter(|socket| socket.state == "ESTABLISHED").count()
    }
}

/// Runs a story twice, which must be the same, with a server that may be there.
fn simulate(
    serve: Option<fn(Host) -> BoxFuture<()>>,
    story: impl Fn(World) -> BoxFuture<Vec<String>>,
) -> Vec<String> {
    let once = || {
        let mut simulation = Simulation::new(1);
        let link = Link::new(Duration::from_millis(1));
        let network = Network::new(simulation.sim(), link, Settings::default());
        let (client, server) = (network.host("client"), network.host("server"));
        if let Some(serve) = serve {
            server.spawn(serve(server.clone()));
        }
        let store = PostgresStore::new(client.clone(), server.address(PORT), config("simulated"));
        let store: Arc<dyn Store> = Arc::new(store.unwrap());
        let (lines, kept) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(None)));
        let (told, keep) = (Arc::clone(&lines), Arc::clone(&kept));
        let story = story(World { network, client: client.clone(), server, store });
        simulation
            .block_on(async move {
                *told.lock().unwrap() = story.await;
                *keep.lock().unwrap() = Some(());
            })
            .unwrap();
        let lines = std::mem::take(&mut *lines.lock().unwrap());
        (lines, simulation.digest().to_string())
    };
    let (first, second) = (once(), once());
    assert_eq!(first, second, "a run repeats bit for bit");
    first.0
}

#[test]
fn an_absent_server_is_unavailable_at_once() {
    let told = simulate(None, |world| {
        Box::pin(async move {
            let (refused, took) = world.ask(world.store.commit(Commit::new().put("a", ""))).await;
            assert!(matches!(refused, Some(Err(StoreError::Unavailable(_)))), "{refused:?}");
            assert_eq!(took, 2, "there and back");
            let (refused, _) = world.ask(world.store.changes(Revision::ZERO)).await;
            vec![format!("{refused:?}"), world.connections().await.to_string()]
        })
    });
    assert!(told[0].contains("refused"), "{told:?}");
    assert_eq!(told[1], "0");
}

/// Takes connections, and says nothing.
fn silent(host: Host) -> BoxFuture<()> {
    Box::pin(async move {
        let listener = host.listen(host.address(PORT)).await.unwrap();
        let mut held = Vec::new();
        loop {
            held.push(listener.accept().await.unwrap());
        }
    })
}

#[test]
fn a_silent_server_is_given_up_and_leaves_nothing_open() {
    simulate(Some(silent), |world| {
        Box::pin(async move {
            for _ in 0..20 {
                let (answer, took) = world.ask(world.store.revision()).await;
                assert_eq!((answer, took), (None, 3_000), "more than there may be connections");
            }
            assert_eq!(world.connections().await, 0);
            Vec::new()
        })
    });
}

/// Knows enough of the protocol to show an empty store, and takes its time.
fn slow(host: Host) -> BoxFuture<()> {
    Box::pin(async move {
        let listener = host.listen(host.address(PORT)).await.unwrap();
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let clock = host.clone();
            host.spawn(async move {
                let hello = stream.read_u32().await.unwrap_or(4) as usize - 4;
                let mut asked = vec![0; hello];
                let mut says = [message(b'R', &[0; 4]), message(b'Z', b"I")].concat();
                while stream.read_exact(&mut asked).await.is_ok() {
                    clock.sleep(Duration::from_millis(500)).await;
                    let done = stream.write_all(&says).await;
                    let Ok(kind) = stream.read_u8().await else { return };
                    assert!(done.is_ok() && (kind == b'Q' || kind == b'X'));
                    asked = vec![0; stream.read_u32().await.unwrap() as usize - 4];
                    says = answers().concat();
                }
            });
        }
    })
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind][..], &(body.len() as u32 + 4).to_be_bytes(), body].concat()
}

/// One row of two columns, both zero, whatever was asked.
fn answers() -> [Vec<u8>; 4] {
    // Of no table, of type int8, as text.
    let column = |name: &[u8]| {
        [name, &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 0, 8, 0xff, 0xff, 0xff, 0xff, 0, 0]].concat()
    };
    let described = [&[0, 2][..], &column(b"revision"), &column(b"forgotten")].concat();
    let row = [0, 2, 0, 0, 0, 1, b'0', 0, 0, 0, 1, b'0'];
    [
        message(b'T', &described),
        message(b'D', &row),
        message(b'C', b"SELECT 1\0"),
        message(b'Z', b"I"),
    ]
}

#[test]
fn a_slow_server_is_waited_for_and_a_lost_one_dialled_anew() {
    simulate(Some(slow), |world| {
        Box::pin(async move {
            let first = world.ask(world.store.revision()).await;
            assert_eq!(first.0, Some(Ok(Revision::ZERO)));
            assert!(first.1 > 2_000, "login, session, tables, read: {}", first.1);
            let second = world.ask(world.store.revision()).await;
            assert_eq!(second, (Some(Ok(Revision::ZERO)), 1_004), "over the same connection");
            assert_eq!(world.connections().await, 2, "one, seen from both ends");

            world.network.partition(&world.client, &world.server);
            assert_eq!(world.ask(world.store.revision()).await, (None, 3_000));
            world.network.heal(&world.client, &world.server);
            assert_eq!(world.ask(world.store.revision()).await.0, Some(Ok(Revision::ZERO)));

            world.server.crash();
            let (lost, _) = world.ask(world.store.revision()).await;
            assert!(matches!(lost, Some(Err(StoreError::Unavailable(_)))), "{lost:?}");
            world.server.restart();
            world.server.spawn(slow(world.server.clone()));
            assert_eq!(world.ask(world.store.revision()).await.0, Some(Ok(Revision::ZERO)));
            Vec::new()
        })
    });
}
