//! How long a connection may take, and how long it may be silent.

use std::io::ErrorKind;

use cascadia_patterns::timeout::{Timed, dial_within};
use cascadia_runtime::{Net, Runtime};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::{ms, run};

#[test]
fn a_machine_beyond_a_partition_is_given_up_in_time() {
    run(|world| async move {
        let _listener = world.server.listen(world.address()).await.unwrap();
        world.network.partition(&world.client, &world.server);
        let began = world.client.now();
        let dialled =
            dial_within(&world.client, ms(3_050), world.client.dial(world.address())).await;
        assert_eq!(dialled.err().map(|error| error.kind()), Some(ErrorKind::TimedOut));
        assert_eq!(world.client.now(), began + ms(3_050));
    });
}

#[test]
fn a_stream_may_be_slow_but_not_silent() {
    run(|world| async move {
        use cascadia_runtime::Listener;
        let (host, address) = (world.server.clone(), world.address());
        let served = world.server.spawn(async move {
            let listener = host.listen(address).await.unwrap();
            let (mut stream, _) = listener.accept().await.unwrap();
            for _ in 0..5 {
                host.sleep(ms(900)).await;
                stream.write_all(b"x").await.unwrap();
            }
            host.sleep(ms(60_000)).await;
        });
        world.client.sleep(ms(1)).await;
        let stream = dial_within(&world.client, ms(100), world.client.dial(address)).await.unwrap();
        let mut stream = Timed::new(world.client.clone(), stream, ms(1_000));
        let mut byte = [0];
        for _ in 0..5 {
            stream.read_exact(&mut byte).await.unwrap();
        }
        let heard = world.client.now();
        let error = stream.read_exact(&mut byte).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut);
        assert_eq!(world.client.now(), heard + ms(1_000));
        drop(served);
    });
}
