mod chooser;

use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::{Stream, Time};
use proptest::prelude::*;

use super::{Asked, BalanceConfig, BalanceKind, BalanceLayer, Balancer, P2c, RoundRobin};
use crate::call::{Call, Context, Failure, Layer, Reason, Rejection, call_fn};
use crate::endpoints::Candidate;
use crate::testing::{Recorder, Server, Step, TestCall, TestWorld, env, key};

/// χ² with 4 degrees of freedom, 99.9 % point.
const CHI_LIMIT: f64 = 18.5;

fn chi(counts: &[u32; 5]) -> f64 {
    let mean = f64::from(counts.iter().sum::<u32>()) / 5.0;
    counts.iter().map(|&n| (f64::from(n) - mean) * (f64::from(n) - mean) / mean).sum()
}

/// Endpoints with so many calls under way.
fn under_way(calls: &[u32]) -> Vec<Candidate> {
    let candidate =
        |(&outstanding, number)| Candidate { endpoint: key(number), outstanding, weight: 1 };
    calls.iter().zip(0..).map(candidate).collect()
}

fn asked(stream: &mut Stream) -> Asked<'_> {
    Asked { now: Time::ZERO, key: None, stream }
}

macro_rules! suite {
    ($($name:ident: $kind:expr;)*) => { $(mod $name {
        use super::*;

        #[test]
        fn picks_nothing_from_nothing() {
            assert_eq!($kind.build().pick(&[], &mut asked(&mut Stream::from_seed(1))), None);
        }

        #[test]
        fn picks_the_only_one() {
            let (mut balancer, mut stream) = ($kind.build(), Stream::from_seed(1));
            assert!((0..9).all(|load| balancer.pick(&under_way(&[load]), &mut asked(&mut stream)) == Some(0)));
        }

        #[test]
        fn is_uniform_where_all_are_equal() {
            let (mut balancer, mut stream) = ($kind.build(), Stream::from_seed(1));
            let mut counts = [0; 5];
            for _ in 0..10_000 {
                counts[balancer.pick(&under_way(&[3; 5]), &mut asked(&mut stream)).unwrap()] += 1;
            }
            assert!(chi(&counts) < CHI_LIMIT, "{counts:?}");
        }

        proptest! {
            #[test]
            fn picks_an_endpoint_and_picks_it_again(
                loads in prop::collection::vec(0u32..9, 1..9),
                seed: u64,
            ) {
                let picks = || {
                    let (mut balancer, mut stream) = ($kind.build(), Stream::from_seed(seed));
                    [(); 9].map(|()| balancer.pick(&under_way(&loads), &mut asked(&mut stream)))
                };
                prop_assert!(picks().iter().all(|pick| pick.unwrap() < loads.len()));
                prop_assert_eq!(picks(), picks());
            }
        }
    })* };
}

suite! {
    round_robin: BalanceKind::RoundRobin;
    random: BalanceKind::Random;
    least_connections: BalanceKind::LeastConnections;
    p2c: BalanceKind::P2c;
}

#[test]
fn round_robin_goes_on_from_a_random_start() {
    let mut starts = [0; 5];
    for seed in 0..1_000 {
        let (mut balancer, mut stream) = (RoundRobin::default(), Stream::from_seed(seed));
        let picks = [(); 6].map(|()| {
            balancer.pick(&under_way(&[9, 0, 0, 0, 0]), &mut asked(&mut stream)).unwrap()
        });
        assert_eq!(picks, [0, 1, 2, 3, 4, 5].map(|turn| (picks[0] + turn) % 5));
        starts[picks[0]] += 1;
    }
    assert!(chi(&starts) < CHI_LIMIT, "{starts:?}");
}

#[test]
fn round_robin_survives_a_change_of_membership() {
    let (mut balancer, mut stream) = (RoundRobin::default(), Stream::from_seed(1));
    for count in [5, 5, 1, 2, 2, 7] {
        assert!(
            balancer.pick(&under_way(&vec![0; count]), &mut asked(&mut stream)).unwrap() < count
        );
    }
}

#[test]
fn ties_for_the_fewest_are_broken_at_random() {
    let (mut balancer, mut stream) = (BalanceKind::LeastConnections.build(), Stream::from_seed(1));
    let mut counts = [0u32; 5];
    for _ in 0..9_000 {
        counts[balancer.pick(&under_way(&[2, 1, 5, 1, 1]), &mut asked(&mut stream)).unwrap()] += 1;
    }
    assert_eq!((counts[0], counts[2]), (0, 0));
    assert!(counts.iter().all(|&n| n == 0 || (2_800..3_200).contains(&n)), "{counts:?}");
}

#[test]
fn two_choices_are_distinct_so_the_worst_is_never_chosen() {
    let mut stream = Stream::from_seed(1);
    for _ in 0..1_000 {
        assert_ne!(P2c.pick(&under_way(&[1, 2, 9, 3]), &mut asked(&mut stream)), Some(2));
        assert_eq!(P2c.pick(&under_way(&[1, 0]), &mut asked(&mut stream)), Some(1));
    }
}

#[test]
fn of_two_equal_choices_the_first_drawn_wins() {
    let mut stream = Stream::from_seed(1);
    for _ in 0..100 {
        let first = stream.clone().below(7) as usize;
        assert_eq!(P2c.pick(&under_way(&[4; 7]), &mut asked(&mut stream)), Some(first));
    }
}

#[test]
fn p2c_prefers_the_better_as_often_as_it_should() {
    let (mut stream, mut best) = (Stream::from_seed(1), 0u32);
    for _ in 0..10_000 {
        best +=
            u32::from(P2c.pick(&under_way(&[0, 1, 1, 1, 1]), &mut asked(&mut stream)) == Some(0));
    }
    assert!((3_800..4_200).contains(&best), "{best} of 10,000 where 2 in 5 are expected");
}

#[tokio::test(start_paused = true)]
async fn every_end_of_a_call_is_counted() {
    let world = TestWorld::new();
    let script = [Step::Ok, Step::Fail, Step::Panic, Step::Hang];
    let server: TestCall = Server::new(world, &script);
    let config = BalanceConfig::default();
    let layer = BalanceLayer::new(config, env(world, &Arc::default()), vec![server]);
    for _ in 0..3 {
        let _ = tokio::spawn(layer.clone().call(Context::default())).await;
        assert_eq!(layer.outstanding(), [0]);
    }
    let hung = tokio::spawn(layer.clone().call(Context::default()));
    tokio::task::yield_now().await;
    assert_eq!(layer.outstanding(), [1]);
    hung.abort();
    tokio::task::yield_now().await;
    assert_eq!(layer.outstanding(), [0]);
}

#[tokio::test(start_paused = true)]
async fn the_least_loaded_gets_the_next_call() {
    let world = TestWorld::new();
    let servers = [(); 3].map(|()| Server::new(world, &[Step::Hang]));
    let endpoints = servers.each_ref().map(|server| Arc::clone(server) as TestCall).to_vec();
    let config = BalanceConfig { kind: BalanceKind::LeastConnections };
    let layer = BalanceLayer::new(config, env(world, &Arc::default()), endpoints);
    for _ in 0..6 {
        tokio::spawn(layer.clone().call(Context::default()));
        tokio::task::yield_now().await;
    }
    assert_eq!(layer.outstanding(), [2, 2, 2]);
    assert!(servers.iter().all(|server| server.in_flight() == 2));
}

#[tokio::test(start_paused = true)]
async fn without_an_endpoint_a_call_is_refused() {
    let observe = Arc::<Recorder>::default();
    let endpoints: Vec<TestCall> = Vec::new();
    let layer =
        BalanceLayer::new(BalanceConfig::default(), env(TestWorld::new(), &observe), endpoints);
    let Err(Failure::Rejected(rejection)) = layer.call(Context::default()).await else {
        panic!("a call went nowhere");
    };
    assert_eq!((rejection.by, rejection.reason), (Layer::BALANCE, Reason::NO_ENDPOINT));
    assert_eq!(observe.signals().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_open_breaker_does_not_make_an_endpoint_look_idle() {
    let world = TestWorld::new();
    let dead = call_fn(|_: Context| async {
        Err(Failure::Rejected(
            Rejection::new(Layer::BREAKER, Reason::OPEN).until(Some(Duration::from_secs(5))),
        ))
    });
    let alive = Server::new(world, &[Step::Hang]);
    let endpoints: Vec<TestCall> = vec![dead, alive.clone()];
    let config = BalanceConfig { kind: BalanceKind::LeastConnections };
    let layer = BalanceLayer::new(config, env(world, &Arc::default()), endpoints);
    let call = || tokio::spawn(layer.clone().call(Context::default()));
    let mut calls = Vec::new();
    for _ in 0..11 {
        calls.push(call());
        tokio::task::yield_now().await;
    }
    assert_eq!(alive.in_flight(), 10, "only one call went to the endpoint that is open");
    let refused = calls.into_iter().find(|call| call.is_finished()).unwrap().await.unwrap();
    let Err(Failure::Rejected(refused)) = refused else { panic!("the open endpoint refuses") };
    assert_eq!(refused.retry_after, None, "another endpoint may be tried at once");
    tokio::time::sleep(Duration::from_secs(5)).await;
    let again = call();
    tokio::task::yield_now().await;
    assert!(again.is_finished(), "it is tried again when it is due");
}
