//! The balancers.

use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::balance::{BalanceConfig, BalanceKind, BalanceLayer};
use cascadia_patterns::call::{Call, Context, Failure, Layer, Reason, Rejection, call_fn};
use cascadia_runtime::Runtime;

use super::bench::{Bench, LONG, Route};
use super::server::{OK, Server, Step};

const KINDS: [BalanceKind; 4] = [
    BalanceKind::RoundRobin,
    BalanceKind::Random,
    BalanceKind::LeastConnections,
    BalanceKind::P2c,
];

type Balancer<R> = Arc<BalanceLayer<R, Context, u32, &'static str>>;

fn balance<R: Runtime>(bench: &Bench<R>, kind: BalanceKind, endpoints: Vec<Route>) -> Balancer<R> {
    BalanceLayer::new(BalanceConfig { kind }, bench.env(&Arc::default()), endpoints)
}

/// Endpoints that all do the same.
fn servers<R: Runtime>(bench: &Bench<R>, count: usize, step: Step) -> Vec<Arc<Server<R>>> {
    (0..count).map(|_| Server::new(bench, &[step])).collect()
}

fn routes<R: Runtime>(servers: &[Arc<Server<R>>]) -> Vec<Route> {
    servers.iter().map(|server| server.clone() as Route).collect()
}

fn counts<R: Runtime>(servers: &[Arc<Server<R>>]) -> Vec<usize> {
    servers.iter().map(|server| server.seen().len()).collect()
}

pub(crate) async fn every_kind_uses_every_endpoint<R: Runtime>(bench: Bench<R>) {
    for kind in KINDS {
        let servers = servers(&bench, 3, Step::Ok);
        let layer = balance(&bench, kind, routes(&servers));
        for _ in 0..60 {
            assert_eq!(layer.clone().call(Context::default()).await, OK);
        }
        let counts = counts(&servers);
        assert!(counts.iter().all(|count| *count >= 5), "{kind:?} {counts:?}");
        assert_eq!(layer.outstanding(), [0, 0, 0]);
    }
}

pub(crate) async fn every_kind_forgets_what_is_dropped<R: Runtime>(bench: Bench<R>) {
    for kind in KINDS {
        let servers = servers(&bench, 3, Step::Hang);
        let layer = balance(&bench, kind, routes(&servers));
        let route: Route = layer.clone();
        let calls: Vec<_> = (0..9).map(|_| bench.start(&route, Context::default())).collect();
        bench.settle().await;
        assert_eq!(layer.outstanding().iter().sum::<u32>(), 9);
        calls.iter().for_each(|call| call.abort());
        bench.settle().await;
        assert_eq!(layer.outstanding(), [0, 0, 0], "{kind:?}");
    }
}

/// An endpoint whose breaker refuses and asks to wait for `wait`.
fn open(wait: Duration) -> Route {
    call_fn(move |_: Context| async move {
        Err(Failure::Rejected(Rejection::new(Layer::BREAKER, Reason::OPEN).until(Some(wait))))
    })
}

pub(crate) async fn every_kind_avoids_an_endpoint_whose_breaker_is_open<R: Runtime>(
    bench: Bench<R>,
) {
    for kind in KINDS {
        let servers = servers(&bench, 2, Step::Ok);
        let mut endpoints = routes(&servers);
        endpoints.push(open(LONG));
        let layer = balance(&bench, kind, endpoints);
        let mut refused = 0;
        for _ in 0..60 {
            refused += u32::from(layer.clone().call(Context::default()).await != OK);
        }
        assert_eq!(refused, 1, "{kind:?} tries it once");
    }
}

pub(crate) async fn every_kind_refuses_where_there_is_no_endpoint<R: Runtime>(bench: Bench<R>) {
    for kind in KINDS {
        let answer = balance(&bench, kind, Vec::new()).call(Context::default()).await;
        let Err(Failure::Rejected(rejection)) = answer else { panic!("{kind:?} {answer:?}") };
        assert_eq!((rejection.by, rejection.reason), (Layer::BALANCE, Reason::NO_ENDPOINT));
    }
}

pub(crate) async fn round_robin_takes_each_in_turn<R: Runtime>(bench: Bench<R>) {
    let named = |name| call_fn(move |_: Context| async move { Ok(name) });
    let layer = balance(&bench, BalanceKind::RoundRobin, (0..4).map(named).collect());
    let mut names = Vec::new();
    for _ in 0..8 {
        names.push(layer.clone().call(Context::default()).await.unwrap());
    }
    let expected: Vec<u32> = (0..8).map(|turn| (names[0] + turn) % 4).collect();
    assert_eq!(names, expected);
}

pub(crate) async fn the_fewest_under_way_are_preferred<R: Runtime>(bench: Bench<R>) {
    for kind in [BalanceKind::LeastConnections, BalanceKind::P2c] {
        let busy = Server::new(&bench, &[Step::Hang]);
        let idle = Server::new(&bench, &[Step::Ok]);
        let layer = balance(&bench, kind, vec![busy.clone(), idle.clone()]);
        let route: Route = layer.clone();
        let mut hung = Vec::new();
        while busy.in_flight() == 0 {
            hung.push(bench.start(&route, Context::default()));
            bench.settle().await;
        }
        let before = idle.seen().len();
        for _ in 0..20 {
            assert_eq!(layer.clone().call(Context::default()).await, OK);
        }
        assert_eq!((busy.seen().len(), idle.seen().len()), (1, before + 20), "{kind:?}");
        hung.iter().for_each(|call| call.abort());
    }
}
