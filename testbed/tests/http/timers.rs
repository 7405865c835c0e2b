//! hyper's own timeouts on the clock of the simulation.

use std::convert::Infallible;

use cascadia_runtime::{Listener, Net, Runtime, Time};
use cascadia_testbed::{Io, http1_server, http2_client};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};

use crate::support::{Version, is_reset, ms, run};

#[test]
fn a_server_hangs_up_on_who_sends_no_headers() {
    run(|world| async move {
        let (host, address) = (world.server.clone(), world.address());
        let served = world.server.spawn(async move {
            let listener = host.listen(address).await.unwrap();
            let (stream, _) = listener.accept().await.unwrap();
            let start = host.now();
            let service = service_fn(async |_: Request<Incoming>| {
                Ok::<_, Infallible>(Response::new(Full::new(Bytes::new())))
            });
            let mut server = http1_server(&host);
            server.header_read_timeout(ms(5_000));
            let error = server.serve_connection(Io::new(stream), service).await.unwrap_err();
            assert!(error.is_timeout());
            assert_eq!(host.now(), start + ms(5_000));
        });
        let _silent = world.client.dial(address).await.unwrap();
        served.await.unwrap();
    });
}

#[test]
fn keep_alive_of_http2_notices_a_partition() {
    run(|world| async move {
        world.serve(Version::Two);
        let io = Io::new(world.client.dial(world.address()).await.unwrap());
        let mut builder = http2_client(&world.client);
        builder.keep_alive_interval(ms(1_000)).keep_alive_timeout(ms(300));
        builder.keep_alive_while_idle(true);
        let (client, connection) = builder.handshake::<_, Full<Bytes>>(io).await.unwrap();
        world.network.partition(&world.client, &world.server);
        let error = connection.await.unwrap_err();
        assert!(error.is_timeout(), "{error:?}");
        assert!(!is_reset(&error.into()));
        // Nothing came for a second after the connection was made, nor within the timeout.
        assert_eq!(world.client.now(), Time::ZERO + ms(2) + ms(1_300));
        drop(client);
    });
}
