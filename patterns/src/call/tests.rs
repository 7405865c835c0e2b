//! Failures are errors like any other.

use std::error::Error;
use std::io;

use super::{Failure, Layer, Reason, Rejection};
use crate::config::ConfigError;

type Sent = Box<dyn Error + Send + Sync>;

fn refused() -> io::Error {
    io::ErrorKind::ConnectionRefused.into()
}

/// The errors from this one down to the first cause.
fn chain(error: &Sent) -> Vec<&(dyn Error + 'static)> {
    std::iter::successors(Some(&**error as &(dyn Error + 'static)), |&error| error.source())
        .collect()
}

#[test]
fn the_first_cause_is_reached_through_any_number_of_layers() {
    let once = Failure::Service(refused());
    let errors: [Sent; 3] = [
        Failure::Service(refused()).into(),
        Failure::Service(once).into(),
        Failure::Service(Failure::Service(Failure::Service(refused()))).into(),
    ];
    for (layers, error) in (1..).zip(&errors) {
        let chain = chain(error);
        assert_eq!(chain.len(), layers + 1, "{error:?}");
        let first: &io::Error = chain[layers].downcast_ref().expect("it is the error there was");
        assert_eq!(first.kind(), io::ErrorKind::ConnectionRefused);
        assert_eq!(error.to_string(), first.to_string());
    }
}

#[test]
fn a_layer_is_the_cause_of_what_it_refuses_or_gives_up() {
    let rejection = Rejection::new(Layer::BREAKER, Reason::OPEN);
    let failures: [(Failure<io::Error>, &str); 2] = [
        (Failure::Rejected(rejection), "rejected by the breaker: open"),
        (Failure::TimedOut(Layer::TIMEOUT), "the timeout stopped waiting"),
    ];
    for (failure, text) in failures {
        assert!(failure.source().is_none());
        let error: Sent = Failure::Service(failure).into();
        let source = error.source().expect("there is one");
        assert_eq!(source.to_string(), text);
        assert!(source.is::<Failure<io::Error>>());
    }
}

#[test]
fn every_error_is_one_for_a_box() {
    let config = ConfigError { field: "attempts", reason: "must be at least 1" };
    let errors: [(Sent, &str); 4] = [
        (Rejection::new(Layer::SHED, Reason::FULL).into(), "rejected by the shedder: full"),
        (config.into(), "attempts must be at least 1"),
        (cascadia_runtime::Ended::Killed.into(), "the node of the task was killed"),
        (Failure::Service(config).into(), "attempts must be at least 1"),
    ];
    for (error, text) in errors {
        assert_eq!(error.to_string(), text);
    }
}

/// A text, a status or a boxed error is none by itself.
#[test]
fn what_a_service_fails_with_need_not_be_an_error() {
    struct Status;
    assert!(matches!(Failure::Service(Status).from_peer(), Failure::Service(Status)));
    assert_eq!(Failure::Service("down").to_string(), "down");
    assert_eq!(Failure::Service(Sent::from("down")).to_string(), "down");
}
