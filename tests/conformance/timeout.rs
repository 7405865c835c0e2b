//! The timeout.

use std::time::Duration;

use cascadia_patterns::call::{Baggage, Call, Context, Failure, Layer};
use cascadia_patterns::timeout::{TimeoutConfig, TimeoutLayer};
use cascadia_runtime::{Runtime, Time};

use super::bench::{Answer, Bench, LONG, ms};
use super::server::{OK, Server, Step};

const TIMED_OUT: Answer = Err(Failure::TimedOut(Layer::TIMEOUT));
/// It came after its deadline and was not sent.
const TOO_LATE: Answer = Err(Failure::TimedOut(Layer::DEADLINE));

/// One call through a timeout, what it reported, and what came to the server.
async fn call<R: Runtime>(
    bench: &Bench<R>,
    step: Step,
    after: Duration,
    deadline: Option<Time>,
) -> (Answer, Vec<String>, Vec<Context>) {
    let (server, seen) = (Server::new(bench, &[step]), Default::default());
    let layer = TimeoutLayer::new(TimeoutConfig { after }, bench.env(&seen), server.clone());
    let answer = layer.call(Context::new(Baggage { deadline, ..Baggage::default() })).await;
    assert_eq!(server.in_flight(), 0);
    (answer, seen.signals(), server.seen())
}

pub(crate) async fn a_response_in_time_passes<R: Runtime>(bench: Bench<R>) {
    let began = bench.world.now();
    let (answer, signals, requests) = call(&bench, Step::OkAfter(ms(2)), LONG, None).await;
    assert_eq!((answer, signals), (OK, vec![]));
    bench.took(began, ms(2));
    let deadline = requests[0].baggage.deadline.unwrap();
    assert!(deadline == began + LONG || deadline > began + LONG && !bench.exact);
}

pub(crate) async fn a_response_exactly_at_the_deadline_wins<R: Runtime>(bench: Bench<R>) {
    if !bench.exact {
        return;
    }
    assert_eq!(call(&bench, Step::OkAfter(ms(5)), ms(5), None).await.0, OK);
    let late = ms(5) + Duration::from_nanos(1);
    assert_eq!(call(&bench, Step::OkAfter(late), ms(5), None).await.0, TIMED_OUT);
}

pub(crate) async fn late_work_is_dropped<R: Runtime>(bench: Bench<R>) {
    let began = bench.world.now();
    let (answer, signals, requests) = call(&bench, Step::Hang, ms(5), None).await;
    assert_eq!((answer, signals.as_slice()), (TIMED_OUT, &["TimedOut".to_owned()][..]));
    bench.took(began, ms(5));
    assert_eq!(requests.len(), 1);
}

pub(crate) async fn the_nearer_deadline_is_handed_on<R: Runtime>(bench: Bench<R>) {
    let began = bench.world.now();
    let nearer = Some(began + LONG / 2);
    let (answer, _, requests) = call(&bench, Step::Ok, LONG, nearer).await;
    assert_eq!((answer, requests[0].baggage.deadline), (OK, nearer));
    let (answer, ..) = call(&bench, Step::Hang, LONG, Some(began + ms(4))).await;
    assert_eq!(answer, TIMED_OUT);
    bench.took(began, ms(4));
    let began = bench.world.now();
    let (answer, _, requests) = call(&bench, Step::Hang, ms(4), Some(began + LONG)).await;
    assert!(answer == TIMED_OUT && requests[0].baggage.deadline < Some(began + LONG));
    bench.took(began, ms(4));
}

pub(crate) async fn what_is_late_already_is_not_begun<R: Runtime>(bench: Bench<R>) {
    bench.settle().await;
    let (answer, signals, requests) = call(&bench, Step::Ok, LONG, Some(Time::ZERO)).await;
    assert_eq!((answer, signals.len(), requests.len()), (TOO_LATE, 1, 0));
}

pub(crate) async fn a_timeout_may_be_as_long_as_time_itself<R: Runtime>(bench: Bench<R>) {
    let (answer, _, requests) = call(&bench, Step::OkAfter(ms(1)), Duration::MAX, None).await;
    assert_eq!((answer, requests[0].baggage.deadline), (OK, Some(Time::MAX)));
}
