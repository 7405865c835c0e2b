//! What goes wrong, and how it looks from the other side.

use std::io::ErrorKind;
use std::time::Duration;

use cascadia_models::tcp::{Link, Settings};
use cascadia_runtime::{Listener, Runtime};
use futures::poll;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::tcp::support::{World, at, ms, plain, run};

/// Greets everyone, forever.
async fn serve(world: World) {
    let listener = world.listen().await;
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"hello").await.unwrap();
        world.server.spawn(async move { while stream.read_u8().await.is_ok() {} });
    }
}

#[test]
fn a_partition_hangs_and_afterwards_everything_arrives() {
    plain(|world| async move {
        let (mut near, mut far) = world.connect().await;
        world.network.partition(&world.client, &world.server);
        near.write_all(b"before").await.unwrap();
        let start = world.now();
        world.client.sleep(ms(1_000)).await;
        near.write_all(b" during").await.unwrap();
        assert!(poll!(Box::pin(far.read_u8())).is_pending());
        world.network.heal(&world.client, &world.server);
        near.write_all(b" after").await.unwrap();
        let mut bytes = [0; 19];
        far.read_exact(&mut bytes).await.unwrap();
        assert_eq!(&bytes, b"before during after");
        // Sent again 0.2, 0.6 and 1.4 seconds after it was sent first.
        assert_eq!(world.now(), start + ms(1_400) + ms(1));

        // Once it has got through, the timeout is what it was.
        world.network.partition(&world.client, &world.server);
        near.write_all(b"!").await.unwrap();
        world.network.heal(&world.client, &world.server);
        let start = world.now();
        far.read_u8().await.unwrap();
        assert_eq!(world.now(), start + ms(200) + ms(1));
    });
}

#[test]
fn a_cut_stops_one_direction_only() {
    plain(|world| async move {
        let (mut near, mut far) = world.connect().await;
        world.network.cut(&world.server, &world.client);
        near.write_all(b"there").await.unwrap();
        far.read_exact(&mut [0; 5]).await.unwrap();
        assert_eq!(world.now(), at(4));
        far.write_all(b"back").await.unwrap();
        world.client.sleep(ms(10_000)).await;
        assert!(poll!(Box::pin(near.read_u8())).is_pending());
    });
}

#[test]
fn what_is_under_way_when_a_link_is_cut_still_arrives() {
    plain(|world| async move {
        let (mut near, mut far) = world.connect().await;
        near.write_all(b"1").await.unwrap();
        world.network.partition(&world.client, &world.server);
        assert_eq!(far.read_u8().await.unwrap(), b'1');
        assert_eq!(world.now(), at(4));
    });
}

#[test]
fn a_connection_gives_up_in_the_end() {
    plain(|world| async move {
        let (mut near, mut far) = world.connect().await;
        world.network.partition(&world.client, &world.server);
        near.write_all(b"lost").await.unwrap();
        let error = near.read_u8().await.unwrap_err();
        // Ten doublings of 0.2 seconds, and six times two minutes.
        let end = at(3) + ms(200) * 1_023 + ms(120_000) * 6;
        assert_eq!((error.kind(), world.now()), (ErrorKind::TimedOut, end));
        // The other side has heard nothing of it, and learns of it when it says something.
        world.network.heal(&world.client, &world.server);
        far.write_all(b"hello?").await.unwrap();
        assert_eq!(far.read_u8().await.unwrap_err().kind(), ErrorKind::ConnectionReset);
    });
}

#[test]
fn a_killed_process_resets_its_peers_at_once() {
    plain(|world| async move {
        world.server.spawn(serve(world.clone()));
        let mut near = world.dial().await.unwrap();
        near.read_exact(&mut [0; 5]).await.unwrap();
        world.sleep_until(10).await;
        world.server.crash();
        let reset = near.read_u8().await.unwrap_err();
        assert_eq!((reset.kind(), world.now()), (ErrorKind::ConnectionReset, at(11)));

        let refused = world.dial().await.unwrap_err();
        assert_eq!((refused.kind(), world.now()), (ErrorKind::ConnectionRefused, at(13)));
        world.server.restart();
        assert_eq!(world.dial().await.unwrap_err().kind(), ErrorKind::ConnectionRefused);
        world.server.spawn(serve(world.clone()));
        world.dial().await.unwrap().read_exact(&mut [0; 5]).await.unwrap();
    });
}

#[test]
fn a_reset_does_not_overtake_what_was_sent_before_it() {
    plain(|world| async move {
        let (mut near, mut far) = world.connect().await;
        far.write_all(b"last words").await.unwrap();
        let fast = Link::new(Duration::from_micros(1));
        world.network.route(&world.server, &world.client, fast);
        world.server.crash();
        near.read_exact(&mut [0; 10]).await.unwrap();
        let reset = near.read_u8().await.unwrap_err();
        assert_eq!((reset.kind(), world.now()), (ErrorKind::ConnectionReset, at(4)));
        // Whoever still holds the other end can do nothing with it.
        assert_eq!(far.write(b"!").await.unwrap_err().kind(), ErrorKind::ConnectionAborted);
    });
}

#[test]
fn what_a_process_had_closed_before_it_died_is_still_sent() {
    plain(|world| async move {
        let (mut near, mut far) = world.connect().await;
        world.network.cut(&world.server, &world.client);
        far.write_all(b"will").await.unwrap();
        drop(far);
        world.server.crash();
        world.network.mend(&world.server, &world.client);
        let mut bytes = Vec::new();
        near.read_to_end(&mut bytes).await.unwrap();
        assert_eq!(bytes, b"will");
    });
}

#[test]
fn a_lost_machine_is_silent_until_it_is_back() {
    plain(|world| async move {
        world.server.spawn(serve(world.clone()));
        let mut near = world.dial().await.unwrap();
        near.read_exact(&mut [0; 5]).await.unwrap();
        world.server.power_off();
        near.write_all(b"anybody?").await.unwrap();
        let start = world.now();
        world.sleep_until(1_000).await;
        assert!(poll!(Box::pin(near.read_u8())).is_pending());
        world.server.restart();
        // Sent again 1.4 seconds after it was sent first, and answered by who knows of nothing.
        let reset = near.read_u8().await.unwrap_err();
        let end = start + ms(1_400) + ms(2);
        assert_eq!((reset.kind(), world.now()), (ErrorKind::ConnectionReset, end));
    });
}

#[test]
fn a_dial_to_a_lost_machine_hangs() {
    plain(|world| async move {
        world.server.power_off();
        world.later(2_000, |world| {
            world.server.restart();
            world.server.spawn(serve(world.clone()));
        });
        world.dial().await.unwrap();
        assert_eq!(world.now(), at(3_002));
    });
}

#[test]
fn killing_the_node_of_a_host_is_silent() {
    plain(|world| async move {
        world.server.spawn(serve(world.clone()));
        let mut near = world.dial().await.unwrap();
        near.read_exact(&mut [0; 5]).await.unwrap();
        world.sim.kill(world.server.node());
        near.write_all(b"anybody?").await.unwrap();
        world.sleep_until(10_000).await;
        assert!(poll!(Box::pin(near.read_u8())).is_pending());
        world.sim.restart(world.server.node());
        assert_eq!(near.read_u8().await.unwrap_err().kind(), ErrorKind::ConnectionReset);
    });
}

#[test]
fn a_dead_machine_does_not_send_what_its_process_had_closed() {
    plain(|world| async move {
        let (mut near, mut far) = world.connect().await;
        world.network.cut(&world.server, &world.client);
        far.write_all(b"will").await.unwrap();
        drop(far);
        world.sim.kill(world.server.node());
        world.network.mend(&world.server, &world.client);
        world.sleep_until(10_000).await;
        assert!(poll!(Box::pin(near.read_u8())).is_pending());
    });
}

#[test]
fn a_paused_process_receives_until_the_window_is_full() {
    let settings = Settings { window: 1_000, ..Settings::default() };
    run(settings, |world| async move {
        world.server.spawn(serve(world.clone()));
        let mut near = world.dial().await.unwrap();
        near.read_exact(&mut [0; 5]).await.unwrap();
        world.sim.pause(world.server.node());
        assert_eq!(near.write(&[0; 4_000]).await.unwrap(), 1_000);
        world.sleep_until(60_000).await;
        assert!(poll!(Box::pin(near.write(&[0; 1]))).is_pending());
        world.sim.resume(world.server.node());
        near.write_all(&[0; 4_000]).await.unwrap();
        assert!(world.now() < at(60_100), "{:?}", world.now());
    });
}

#[test]
fn a_lost_update_of_the_window_is_asked_for() {
    let settings = Settings { window: 1_000, ..Settings::default() };
    run(settings, |world| async move {
        let (mut near, mut far) = world.connect().await;
        for round in [1, 2] {
            near.write_all(&[0; 1_000]).await.unwrap();
            world.sleep_until(1_000 * round).await;
            world.network.cut(&world.server, &world.client);
            far.read_exact(&mut [0; 1_000]).await.unwrap();
            assert!(poll!(Box::pin(near.write(&[0; 1]))).is_pending());
            world.network.mend(&world.server, &world.client);
            near.write_all(&[0; 1_000]).await.unwrap();
            // Asked after the timeout, and answered after a round trip.
            assert_eq!(world.now(), at(1_000 * round) + ms(200) + ms(2));
            far.read_exact(&mut [0; 1_000]).await.unwrap();
        }
    });
}

#[test]
fn a_writer_that_is_stuck_learns_that_its_peer_is_gone() {
    let settings = Settings { window: 1_000, ..Settings::default() };
    run(settings, |world| async move {
        let (mut near, _far) = world.connect().await;
        near.write_all(&[0; 1_000]).await.unwrap();
        world.sleep_until(10).await;
        world.network.cut(&world.server, &world.client);
        world.server.crash();
        world.later(5_000, |world| world.network.mend(&world.server, &world.client));
        let error = near.write_all(&[0; 1]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionReset);
        assert!(world.now() < at(10_000), "{:?}", world.now());
    });
}

#[test]
fn the_ways_between_hosts_are_told_apart_whatever_hosts_are_called() {
    plain(|world| async move {
        let names = ["a", "a → b", "b", "b → a", "→", "", "\"a\"", "a/0"];
        let hosts = names.map(|name| world.network.host(name));
        for (at, one) in hosts.iter().enumerate() {
            for other in &hosts[..at] {
                world.network.partition(one, other);
            }
        }
    });
}
