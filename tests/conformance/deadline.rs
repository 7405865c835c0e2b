//! The check of deadlines on arrival.

use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::call::{Baggage, Call, Context, Failure, Layer, Reason, Rejection};
use cascadia_patterns::deadline::{DeadlineConfig, DeadlineLayer};
use cascadia_patterns::retry::{Backoff, RetryConfig, RetryLayer};
use cascadia_patterns::timeout::{TimeoutConfig, TimeoutLayer};
use cascadia_runtime::{Runtime, Time};

use super::bench::{Answer, Bench, LONG, Route, ms};
use super::server::{DOWN, OK, Server, Step, safe};

const REFUSED: Answer = Err(Failure::Rejected(Rejection::new(Layer::DEADLINE, Reason::EXPIRED).for_good()));

fn guard<R: Runtime>(bench: &Bench<R>, min_remaining: Duration, server: &Arc<Server<R>>) -> Route {
    let seen = Arc::default();
    DeadlineLayer::new(DeadlineConfig { min_remaining, ..DeadlineConfig::default() }, bench.env(&seen), server.clone())
}

fn due(deadline: Time) -> Context {
    Context::new(Baggage { deadline: Some(deadline), ..Baggage::default() })
}

pub(crate) async fn what_is_on_time_passes<R: Runtime>(bench: Bench<R>) {
    let server = Server::new(&bench, &[Step::Ok]);
    let route = guard(&bench, Duration::ZERO, &server);
    assert_eq!(route.clone().call(due(bench.world.now() + LONG)).await, OK);
    assert_eq!(route.clone().call(Context::default()).await, OK);
    let exactly = route.call(due(bench.world.now())).await;
    assert!(exactly == OK || !bench.exact);
}

pub(crate) async fn what_is_late_is_refused_before_the_server<R: Runtime>(bench: Bench<R>) {
    bench.settle().await;
    let server = Server::new(&bench, &[Step::Ok]);
    let answer = guard(&bench, Duration::ZERO, &server).call(due(Time::ZERO)).await;
    assert_eq!((answer, server.seen().len()), (REFUSED, 0));
}

pub(crate) async fn what_has_too_little_left_is_refused<R: Runtime>(bench: Bench<R>) {
    let server = Server::new(&bench, &[Step::Ok]);
    let route = guard(&bench, LONG, &server);
    assert_eq!(route.clone().call(due(bench.world.now() + LONG / 2)).await, REFUSED);
    assert_eq!(route.call(due(bench.world.now() + LONG * 2)).await, OK);
    assert_eq!(server.seen().len(), 1);
}

/// Three tries of a server that is down, of which the timeout around them has time for one.
pub(crate) async fn a_deadline_is_carried_through_the_stack<R: Runtime>(bench: Bench<R>) {
    let (server, seen) = (Server::new(&bench, &[Step::Fail]), Arc::default());
    let backoff = Backoff::Fixed { delay: LONG };
    let retry = RetryConfig { backoff, ..RetryConfig::default() };
    let retry =
        RetryLayer::new(retry, bench.env(&seen), guard(&bench, Duration::ZERO, &server));
    let timeout = TimeoutConfig { after: LONG / 2 };
    let stack = TimeoutLayer::new(timeout, bench.env(&seen), retry);
    let began = bench.world.now();
    assert_eq!(stack.call(safe()).await, DOWN);
    bench.took(began, ms(0));
    assert!(server.seen()[0].baggage.deadline >= Some(began + LONG / 2));
    assert_eq!(seen.signals(), ["RetryDenied { reason: Deadline, trace: TraceId(0) }"]);
}

pub(crate) async fn a_margin_is_kept_for_the_way_back<R: Runtime>(bench: Bench<R>) {
    let server = Server::new(&bench, &[Step::Ok]);
    let config = DeadlineConfig { hop_margin: ms(5), ..DeadlineConfig::default() };
    let layer = DeadlineLayer::new(config, bench.env(&Arc::default()), server.clone());
    let deadline = Some(bench.world.now() + LONG);
    assert_eq!(layer.call(Context::new(Baggage { deadline, ..Baggage::default() })).await, OK);
    let handed_on = server.seen()[0].baggage.deadline;
    assert_eq!(handed_on, deadline.map(|deadline| deadline - ms(5)));
}
