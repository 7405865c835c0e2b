//! Bytes: when they arrive, and what becomes of those that do not.

use std::io::ErrorKind;
use std::task::Poll;
use std::time::Duration;

use cascadia_models::tcp::{Link, Settings, TcpStream};
use cascadia_runtime::{Listener, Runtime, Time};
use futures::poll;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::tcp::support::{at, ms, plain, run};

fn small() -> Settings {
    Settings { window: 1_000, segment: 100, ..Settings::default() }
}

async fn read_all(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    bytes
}

#[test]
fn a_message_takes_the_latency_of_its_direction() {
    plain(|world| async move {
        let (mut near, mut far) = world.connect().await;
        world.network.route(&world.server, &world.client, Link::new(Duration::from_nanos(7)));
        near.write_all(b"ping").await.unwrap();
        far.read_exact(&mut [0; 4]).await.unwrap();
        assert_eq!(world.now(), at(4));
        far.write_all(b"pong").await.unwrap();
        near.read_exact(&mut [0; 4]).await.unwrap();
        assert_eq!(world.now(), at(4) + Duration::from_nanos(7));
    });
}

#[test]
fn bandwidth_is_shared_by_the_connections_of_a_direction() {
    plain(|world| async move {
        let listener = world.listen().await;
        let accept = async || {
            let near = world.dial().await.unwrap();
            (near, listener.accept().await.unwrap().0)
        };
        let (mut one, mut one_far) = accept().await;
        let (mut two, mut two_far) = accept().await;
        // A byte a microsecond: a segment of 960 bytes and a header of 40 take a millisecond.
        let slow = Link { bandwidth: Some(1_000_000), ..Link::new(ms(1)) };
        world.network.route(&world.client, &world.server, slow);
        let start = world.now();
        one.write_all(&[0; 960]).await.unwrap();
        two.write_all(&[0; 960]).await.unwrap();
        one_far.read_exact(&mut [0; 960]).await.unwrap();
        assert_eq!(world.now(), start + ms(2));
        two_far.read_exact(&mut [0; 960]).await.unwrap();
        assert_eq!(world.now(), start + ms(3));
    });
}

#[test]
fn shutting_down_ends_one_direction_and_the_other_goes_on() {
    plain(|world| async move {
        let (mut near, mut far) = world.connect().await;
        near.write_all(b"question").await.unwrap();
        near.shutdown().await.unwrap();
        assert_eq!(near.write(b"more").await.unwrap_err().kind(), ErrorKind::BrokenPipe);
        assert_eq!(read_all(&mut far).await, b"question");
        assert_eq!(world.now(), at(4));
        far.write_all(b"answer").await.unwrap();
        drop(far);
        assert_eq!(read_all(&mut near).await, b"answer");
        assert_eq!(world.now(), at(5));
    });
}

#[test]
fn a_writer_waits_once_the_window_is_full() {
    run(small(), |world| async move {
        let (mut near, mut far) = world.connect().await;
        assert_eq!(near.write(&[1; 4_000]).await.unwrap(), 1_000);
        assert!(poll!(Box::pin(near.write(&[2; 1]))).is_pending());
        world.sleep_until(100).await;
        assert!(poll!(Box::pin(near.write(&[2; 1]))).is_pending());
        far.read_exact(&mut [0; 300]).await.unwrap();
        // The writer hears of it after the latency.
        assert_eq!(near.write(&[2; 4_000]).await.unwrap(), 300);
        assert_eq!(world.now(), at(101));
        let sockets = world.network.netstat().0;
        let held: Vec<_> = sockets.iter().map(|socket| (socket.received, socket.sent)).collect();
        assert_eq!(held, [(700, 0), (0, 300)]);
    });
}

#[test]
fn small_reads_are_told_together() {
    run(small(), |world| async move {
        let (mut near, mut far) = world.connect().await;
        near.write_all(&[1; 1_000]).await.unwrap();
        world.sleep_until(10).await;
        for _ in 0..9 {
            far.read_exact(&mut [0; 11]).await.unwrap();
        }
        world.sleep_until(20).await;
        assert!(poll!(Box::pin(near.write(&[2; 1_000]))).is_pending());
        far.read_u8().await.unwrap();
        assert_eq!(near.write(&[2; 1_000]).await.unwrap(), 100);
    });
}

#[test]
fn what_was_written_arrives_after_its_end_is_dropped() {
    plain(|world| async move {
        let (mut near, mut far) = world.connect().await;
        near.write_all(b"farewell").await.unwrap();
        drop(near);
        assert_eq!(read_all(&mut far).await, b"farewell");
    });
}

#[test]
fn dropping_an_end_with_bytes_unread_resets_the_other() {
    plain(|world| async move {
        let (mut near, mut far) = world.connect().await;
        near.write_all(b"unheard").await.unwrap();
        far.write_all(b"heard").await.unwrap();
        world.sleep_until(10).await;
        drop(far);
        world.sleep_until(20).await;
        // What arrived before the reset can still be read.
        near.read_exact(&mut [0; 5]).await.unwrap();
        assert_eq!(near.read(&mut [0; 1]).await.unwrap_err().kind(), ErrorKind::ConnectionReset);
        assert_eq!(near.write(&[0; 1]).await.unwrap_err().kind(), ErrorKind::ConnectionReset);
        assert_eq!(near.shutdown().await.unwrap_err().kind(), ErrorKind::ConnectionReset);
    });
}

#[test]
fn writing_to_an_end_that_was_dropped_is_answered_with_a_reset() {
    plain(|world| async move {
        let (mut near, far) = world.connect().await;
        drop(far);
        assert_eq!(read_all(&mut near).await, b"");
        near.write_all(b"too late").await.unwrap();
        world.sleep_until(10).await;
        assert_eq!(near.write(b"!").await.unwrap_err().kind(), ErrorKind::ConnectionReset);
    });
}

#[test]
fn an_empty_write_is_no_wait() {
    run(small(), |world| async move {
        let (mut near, _far) = world.connect().await;
        near.write_all(&[1; 1_000]).await.unwrap();
        assert!(matches!(poll!(Box::pin(near.write(&[]))), Poll::Ready(Ok(0))));
    });
}

#[test]
fn a_lost_segment_holds_up_those_behind_it() {
    plain(|world| async move {
        let (mut near, mut far) = world.connect().await;
        world.network.cut(&world.client, &world.server);
        near.write_all(b"1").await.unwrap();
        world.network.mend(&world.client, &world.server);
        near.write_all(b"23").await.unwrap();
        let start = world.now();
        world.sleep_until(100).await;
        assert!(poll!(Box::pin(far.read_u8())).is_pending());
        let mut bytes = [0; 3];
        far.read_exact(&mut bytes).await.unwrap();
        assert_eq!((&bytes, world.now()), (b"123", start + ms(200) + ms(1)));
    });
}

#[test]
fn the_timeout_follows_the_round_trip() {
    plain(|world| async move {
        world.network.link(&world.client, &world.server, Link::new(ms(100)));
        let (mut near, mut far) = world.connect().await;
        world.network.cut(&world.client, &world.server);
        near.write_all(b"1").await.unwrap();
        world.network.mend(&world.client, &world.server);
        let start = world.now();
        far.read_u8().await.unwrap();
        assert_eq!(world.now(), start + 3 * ms(200) + ms(100));
    });
}

#[test]
fn loss_costs_time_and_nothing_else() {
    plain(|world| async move {
        let (mut near, mut far) = world.connect().await;
        let lossy = Link { loss: 0.2, ..Link::new(ms(1)) };
        world.network.link(&world.client, &world.server, lossy);
        let sent: Vec<u8> = (0..200_000u32).map(|index| (index % 251) as u8).collect();
        let bytes = sent.clone();
        world.client.spawn(async move { near.write_all(&bytes).await.unwrap() });
        assert_eq!(read_all(&mut far).await, sent);
        assert!(world.now() > Time::ZERO + ms(1_000), "{:?}", world.now());
    });
}

#[test]
fn netstat_shows_what_a_host_knows() {
    plain(|world| async move {
        let (mut near, far) = world.connect().await;
        near.write_all(b"hello").await.unwrap();
        drop(far);
        let text = world.network.netstat().to_string();
        let expected = "\
Recv-Q Send-Q Local Address         Foreign Address       State
     0      0 10.0.0.1:80           10.0.0.2:49152        FIN_WAIT_1
     0      5 10.0.0.2:49152        10.0.0.1:80           ESTABLISHED
";
        assert_eq!(text, expected);
    });
}
