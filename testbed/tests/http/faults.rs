//! What goes wrong below HTTP, as its users see it.

use std::sync::Arc;

use cascadia_models::tcp::Link;
use cascadia_patterns::call::{BoxFuture, Call, Context, Failure, Layer, Outcome};
use cascadia_patterns::env::Env;
use cascadia_patterns::timeout::{TimeoutConfig, TimeoutLayer};
use cascadia_runtime::{Runtime, Stream, Time};
use tokio::sync::Mutex;

use crate::support::{BOTH, Client, Error, Version, World, is_reset, ms, run};

/// Calls over one connection, which is made anew when it does not work any more.
struct Caller {
    world: World,
    version: Version,
    connection: Mutex<Option<Client>>,
}

impl Caller {
    /// A caller that waits for a second.
    fn patient(world: &World, version: Version) -> Arc<dyn Call<Context, String, Error>> {
        let caller = Self { world: world.clone(), version, connection: Mutex::default() };
        let env = Env::new(world.client.clone(), Stream::from_seed(1));
        TimeoutLayer::new(TimeoutConfig { after: ms(1_000) }, env, Arc::new(caller))
    }

    async fn say(&self) -> Result<String, Error> {
        let mut held = self.connection.lock().await;
        let mut client = match held.take() {
            Some(client) => client,
            None => Client::connect(&self.world.client, self.world.address(), self.version).await?,
        };
        let answer = client.say("hello").await?;
        *held = Some(client);
        Ok(answer)
    }
}

impl Call<Context, String, Error> for Caller {
    fn call(self: Arc<Self>, _: Context) -> BoxFuture<Outcome<String, Error>> {
        Box::pin(async move { self.say().await.map_err(Failure::Service) })
    }

    fn inner(&self) -> Option<&dyn Call<Context, String, Error>> {
        None
    }
}

#[test]
fn a_partition_hangs_until_our_timeout_and_the_next_request_after_it_works() {
    for version in BOTH {
        run(move |world| async move {
            world.serve(version);
            let caller = Caller::patient(&world, version);
            let call = async || Arc::clone(&caller).call(Context::default()).await;
            assert_eq!(call().await.unwrap(), "hello");

            world.network.partition(&world.client, &world.server);
            let start = world.client.now();
            let outcome = call().await;
            assert!(matches!(outcome, Err(Failure::TimedOut(layer)) if layer == Layer::TIMEOUT));
            assert_eq!(world.client.now(), start + ms(1_000));

            world.network.heal(&world.client, &world.server);
            assert_eq!(call().await.unwrap(), "hello");
        });
    }
}

#[test]
fn a_connection_of_http2_outlives_a_partition() {
    run(|world| async move {
        world.serve(Version::Two);
        let mut client = world.connect(Version::Two).await;
        world.network.partition(&world.client, &world.server);
        world.client.spawn({
            let world = world.clone();
            async move {
                world.client.sleep(ms(10_000)).await;
                world.network.heal(&world.client, &world.server);
            }
        });
        assert_eq!(client.say("through").await.unwrap(), "through");
        // What was lost is sent again 12.6 seconds after it was sent first.
        let waited = world.client.now().since(Time::ZERO);
        assert!(waited > ms(12_600) && waited < ms(12_700), "{waited:?}");
    });
}

#[test]
fn a_killed_server_resets_requests_at_once() {
    for version in BOTH {
        run(move |world| async move {
            world.serve(version);
            let mut client = world.connect(version).await;
            let killer = world.clone();
            world.client.spawn(async move {
                killer.client.sleep(ms(20)).await;
                killer.server.crash();
                killer.note("killed");
            });
            let error = client.say("hello").await.unwrap_err();
            assert!(is_reset(&error), "{error:?}");
            // The reset takes the latency.
            assert_eq!(world.client.now(), Time::ZERO + ms(23));

            world.server.restart();
            world.serve(version);
            assert_eq!(world.connect(version).await.say("again").await.unwrap(), "again");
        });
    }
}

#[test]
fn a_run_repeats_bit_for_bit() {
    let life = |version, loss| {
        run(move |world| async move {
            world.network.link(&world.client, &world.server, Link { loss, ..Link::new(ms(1)) });
            world.serve(version);
            let caller = Caller::patient(&world, version);
            for round in 0..20 {
                match round {
                    5 => world.network.cut(&world.server, &world.client),
                    7 => world.network.mend(&world.server, &world.client),
                    12 => world.server.crash(),
                    14 => {
                        world.server.restart();
                        world.serve(version);
                    }
                    _ => {}
                }
                let outcome = Arc::clone(&caller).call(Context::default()).await;
                world.note(&format!("{outcome:?}"));
            }
        })
    };
    for version in BOTH {
        let (log, digest) = life(version, 0.05);
        assert_eq!((log.clone(), digest), life(version, 0.05));
        assert!(log.iter().any(|line| line.ends_with("Ok(\"hello\")")), "{log:#?}");
        assert!(log.iter().any(|line| line.ends_with("Err(TimedOut(timeout))")), "{log:#?}");
        assert!(log.iter().any(|line| line.contains("ConnectionRefused")), "{log:#?}");
        assert_ne!(digest, life(version, 0.2).1);
    }
}
