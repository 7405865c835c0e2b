//! Byte streams between places of a plan, over its links and under its faults.

use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cascadia_models::component::{Life, PlaceId};
use cascadia_models::plan::*;
use cascadia_models::tcp::TcpStream;
use cascadia_patterns::call::BoxFuture;
use cascadia_runtime::{Listener, Net, Runtime, Time};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::world::code::Code;
use crate::world::plans::{constant, ms, plan, run, service};

const PORT: u16 = 7;
const ASKER: ServiceId = ServiceId(1);
const ECHO: ServiceId = ServiceId(2);

/// When something was asked, and after how long the answer or the error came.
type Log = Arc<Mutex<Vec<(Time, Result<Duration, ErrorKind>, Duration)>>>;

/// Says back what it hears.
fn echo(life: Life, (): ()) -> BoxFuture<()> {
    Box::pin(async move {
        let host = life.host();
        let listener = host.listen(host.address(PORT)).await.unwrap();
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            host.spawn(async move {
                while let Ok(byte) = stream.read_u8().await {
                    if stream.write_u8(byte).await.is_err() {
                        return;
                    }
                }
            });
        }
    })
}

/// Asks each tenth of a second, over one connection for as long as that works.
fn ask(life: Life, log: Log) -> BoxFuture<()> {
    Box::pin(async move {
        let (host, server) = (life.host(), life.find("echo")[0]);
        let mut connection = None;
        for turn in 0.. {
            let start = Time::ZERO + Duration::from_millis(100 * turn);
            host.sleep_until(start).await;
            let start = host.now();
            let answer = once(&life, server, &mut connection).await;
            let took = host.now().since(start);
            if answer.is_err() {
                connection = None;
            }
            log.lock().unwrap().push((start, answer.map(|()| took).map_err(|e| e.kind()), took));
        }
    })
}

async fn once(life: &Life, to: PlaceId, connection: &mut Option<TcpStream>) -> io::Result<()> {
    let stream = match connection {
        Some(stream) => stream,
        None => connection.insert(life.host().dial(life.address(to, PORT)).await?),
    };
    stream.write_u8(1).await?;
    stream.read_u8().await.map(drop)
}

/// What an asker met in three seconds: when, what, and after how many milliseconds.
fn met(links: Links, faults: Vec<FaultPlan>) -> Vec<(u64, Result<u64, ErrorKind>, u64)> {
    let log = Log::default();
    let idle = service("idle", 1, vec![Step::Compute(constant(1))]);
    let mut plan = plan(vec![idle], Arrivals::Constant(1.0), ms(3_000));
    plan.components = vec![
        ComponentPlan::new("asker".into(), 1, Arc::new(Code(ask, Arc::clone(&log)))),
        ComponentPlan::new("echo".into(), 1, Arc::new(Code(echo, ()))),
    ];
    (plan.links, plan.faults) = (links, faults);
    run(plan);
    let millis = |time: Duration| time.as_millis() as u64;
    let log = log.lock().unwrap();
    let line = |(at, answer, took): &(Time, Result<Duration, _>, Duration)| {
        (millis(at.since(Time::ZERO)), answer.map(millis), millis(*took))
    };
    log.iter().map(line).collect()
}

fn default(latency: u64) -> Links {
    let default = Some(Link::new(Duration::from_millis(latency)));
    Links { default, ..Links::default() }
}

fn fault(start: u64, end: u64, effect: Effect) -> FaultPlan {
    FaultPlan { name: format!("from {start}"), start: ms(start), end: ms(end), effect }
}

fn at_echo(effect: fn(&dyn Hit)) -> Effect {
    let candidates = vec![Instance { service: ECHO, replica: 0 }];
    Effect::on(Target { candidates, pick: Pick::All }, effect)
}

fn between(fate: Fate) -> Effect {
    let side = |service| Side::of(vec![Party::Instance(Instance { service, replica: 0 })]);
    let (asker, echo) = (side(ASKER), side(ECHO));
    Effect::between(move |message| match message.passes_between(&asker, &echo) {
        true => fate,
        false => Fate::Untouched,
    })
}

#[test]
fn packets_take_the_latency_of_the_link_and_of_faults_on_it() {
    let slow = fault(1_000, 2_000, between(Fate::Delayed { factor: 2.0, add: 10_000_000 }));
    let met = met(default(3), vec![slow]);
    assert_eq!(met.len(), 30);
    assert_eq!(met[0], (0, Ok(12), 12), "there and back to connect, and again");
    for (at, answer, _) in &met[1..] {
        let slow = (1_000..2_000).contains(at);
        assert_eq!(*answer, Ok(if slow { 32 } else { 6 }), "at {at} ms");
    }
}

#[test]
fn a_link_is_that_of_who_dials_in_both_directions() {
    let mut links = default(100);
    let link = |millis| Link::new(Duration::from_millis(millis));
    links.between.insert((Source::Service(ASKER), ECHO), link(2));
    links.between.insert((Source::Service(ECHO), ASKER), link(50));
    assert_eq!(met(links, vec![])[1], (100, Ok(4), 4));
}

#[test]
fn a_lost_packet_is_sent_again_once_a_partition_is_over() {
    let met = met(default(3), vec![fault(950, 2_000, between(Fate::Lost))]);
    // Sent again 0.2, 0.6 and 1.4 seconds after it was sent first.
    let hung = met.iter().find(|(_, _, took)| *took > 6 && *took != 12).unwrap();
    assert_eq!(*hung, (1_000, Ok(1_406), 1_406));
    assert!(met.iter().all(|(_, answer, _)| answer.is_ok()));
}

#[test]
fn a_process_that_dies_resets_its_connections_and_refuses_others_until_it_is_back() {
    let met = met(default(3), vec![fault(1_001, 1_500, at_echo(|hit| hit.die()))]);
    let failed: Vec<_> = met.iter().filter(|(_, answer, _)| answer.is_err()).collect();
    assert_eq!(*failed[0], (1_000, Err(ErrorKind::ConnectionReset), 4), "from 1001 ms on");
    for (turn, failed) in (11..15).zip(&failed[1..]) {
        assert_eq!(**failed, (100 * turn, Err(ErrorKind::ConnectionRefused), 6));
    }
    assert_eq!((failed.len(), met[15]), (5, (1_500, Ok(12), 12)));
}

#[test]
fn a_machine_that_is_lost_is_silent_until_it_is_back() {
    let met = met(default(3), vec![fault(950, 1_500, at_echo(|hit| hit.stop()))]);
    let failed: Vec<_> = met.iter().filter(|(_, answer, _)| answer.is_err()).collect();
    // Sent again 0.6 seconds after it was sent first, and answered by who knows of nothing.
    assert_eq!(failed, [&(1_000, Err(ErrorKind::ConnectionReset), 606)]);
}

#[test]
fn where_the_machine_of_a_dead_process_is_lost_nobody_refuses() {
    let faults = vec![
        fault(950, 2_500, at_echo(|hit| hit.die())),
        fault(1_150, 1_500, at_echo(|hit| hit.stop())),
    ];
    let met = met(default(3), faults);
    let refused = |at, took| (at, Err(ErrorKind::ConnectionRefused), took);
    // The dial is sent again after a second.
    assert!(met.contains(&refused(1_100, 6)) && met.contains(&refused(1_200, 1_006)), "{met:?}");
}
