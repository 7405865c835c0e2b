//! How connections come about, and how they do not.

use std::io::ErrorKind;

use cascadia_models::tcp::Settings;
use cascadia_runtime::{Listener, Net, Runtime, Time};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::tcp::support::{PORT, at, ms, plain, run};

#[test]
fn a_dial_takes_a_round_trip_and_an_accept_half_of_one_more() {
    plain(|world| async move {
        let listener = world.listen().await;
        let near = world.dial().await.unwrap();
        assert_eq!(world.now(), at(2));
        let (far, from) = listener.accept().await.unwrap();
        assert_eq!(world.now(), at(3));
        assert_eq!((from, from), (near.local_address(), far.peer_address()));
        assert_eq!(near.peer_address(), world.server.address(PORT));
    });
}

#[test]
fn where_nobody_listens_a_dial_is_refused_after_a_round_trip() {
    plain(|world| async move {
        let refused = world.dial().await.unwrap_err();
        assert_eq!((refused.kind(), world.now()), (ErrorKind::ConnectionRefused, at(2)));
        drop(world.listen().await);
        assert_eq!(world.dial().await.unwrap_err().kind(), ErrorKind::ConnectionRefused);
    });
}

#[test]
fn a_refusal_that_is_lost_is_asked_for_again() {
    plain(|world| async move {
        world.network.cut(&world.server, &world.client);
        world.later(500, |world| world.network.mend(&world.server, &world.client));
        let refused = world.dial().await.unwrap_err();
        assert_eq!((refused.kind(), world.now()), (ErrorKind::ConnectionRefused, at(1_002)));
    });
}

#[test]
fn a_dial_across_a_cut_hangs_until_it_is_sent_again() {
    plain(|world| async move {
        let _listener = world.listen().await;
        for (from, to) in [(&world.client, &world.server), (&world.server, &world.client)] {
            let start = world.now();
            world.network.cut(from, to);
            let (from, to) = (from.clone(), to.clone());
            let mend = start.since(Time::ZERO).as_millis() as u64 + 1_500;
            world.later(mend, move |world| world.network.mend(&from, &to));
            world.dial().await.unwrap();
            // Sent again after a second in vain, and after two more with success.
            assert_eq!(world.now(), start + ms(3_002));
        }
    });
}

#[test]
fn a_dial_gives_up_after_two_minutes() {
    plain(|world| async move {
        world.network.cut(&world.client, &world.server);
        let error = world.dial().await.unwrap_err();
        assert_eq!((error.kind(), world.now()), (ErrorKind::TimedOut, at(127_000)));
        let nobody = world.client.dial("10.9.9.9:80".parse().unwrap()).await.unwrap_err();
        assert_eq!((nobody.kind(), world.now()), (ErrorKind::TimedOut, at(254_000)));
    });
}

#[test]
fn a_full_backlog_is_tried_again() {
    let settings = Settings { backlog: 1, ..Settings::default() };
    run(settings, |world| async move {
        let listener = world.listen().await;
        let first = world.dial().await.unwrap();
        let client = world.clone();
        let second = world.client.spawn(async move {
            client.dial().await.unwrap();
            assert_eq!(client.now(), at(1_004));
        });
        world.sleep_until(500).await;
        let (_held, from) = listener.accept().await.unwrap();
        assert_eq!(from, first.local_address());
        second.await.unwrap();
    });
}

#[test]
fn connections_are_accepted_in_the_order_in_which_they_were_established() {
    plain(|world| async move {
        let listener = world.listen().await;
        let near = world.dial().await.unwrap();
        let local = world.server.dial(world.server.address(PORT)).await.unwrap();
        // The host reaches itself in no time, so it overtakes the client's last packet.
        assert_eq!(listener.accept().await.unwrap().1, local.local_address());
        assert_eq!(listener.accept().await.unwrap().1, near.local_address());
    });
}

#[test]
fn a_listener_that_goes_away_resets_whoever_it_has_not_accepted() {
    plain(|world| async move {
        let listener = world.listen().await;
        let mut near = world.dial().await.unwrap();
        near.write_all(b"hello").await.unwrap();
        world.sleep_until(10).await;
        drop(listener);
        let reset = near.read_u8().await.unwrap_err();
        assert_eq!((reset.kind(), world.now()), (ErrorKind::ConnectionReset, at(11)));
    });
}

#[test]
fn a_dial_that_is_dropped_leaves_nothing_behind() {
    let settings = Settings { backlog: 1, ..Settings::default() };
    run(settings, |world| async move {
        let listener = world.listen().await;
        {
            let dial = std::pin::pin!(world.dial());
            let wait = std::pin::pin!(world.client.sleep(ms(1)));
            futures::future::select(dial, wait).await;
        }
        world.sleep_until(10).await;
        assert_eq!(world.network.netstat().0.len(), 1, "{}", world.network.netstat());
        let near = world.dial().await.unwrap();
        assert_eq!(world.now(), at(12));
        assert_eq!(listener.accept().await.unwrap().1, near.local_address());
    });
}

#[test]
fn addresses_are_those_of_the_host() {
    plain(|world| async move {
        let listen = async |at: &str| world.server.listen(at.parse().unwrap()).await;
        let open = listen("0.0.0.0:80").await.unwrap();
        assert_eq!(open.address().unwrap(), world.server.address(80));
        assert_eq!(listen("10.0.0.1:80").await.unwrap_err().kind(), ErrorKind::AddrInUse);
        assert_eq!(listen("10.0.0.2:81").await.unwrap_err().kind(), ErrorKind::AddrNotAvailable);
        let _first = listen("0.0.0.0:49152").await.unwrap();
        let free = listen("0.0.0.0:0").await.unwrap();
        assert_eq!(free.address().unwrap(), world.server.address(49_153));

        let _private = listen("127.0.0.1:82").await.unwrap();
        let stranger = world.client.dial(world.server.address(82)).await.unwrap_err();
        assert_eq!(stranger.kind(), ErrorKind::ConnectionRefused);
        let before = world.now();
        let own = world.server.dial("127.0.0.1:82".parse().unwrap()).await.unwrap();
        assert_eq!(world.now(), before);
        assert_eq!(own.local_address().ip().to_string(), "127.0.0.1");
    });
}
