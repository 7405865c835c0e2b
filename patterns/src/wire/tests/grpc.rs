use std::time::Duration;

use proptest::prelude::*;

use crate::call::{Baggage, Class, Classify, Failure, Outcome, Pushback};
use crate::testing::{at, ms};
use crate::wire::grpc::{
    GrpcClassifier, GrpcError, class, decode_attempts, decode_timeout, encode_attempts,
    encode_timeout, pushback, remaining,
};

#[test]
fn a_timeout_has_at_most_eight_digits_and_a_unit() {
    for (timeout, expected) in [
        (Duration::ZERO, "0H"),
        (Duration::from_nanos(7), "7n"),
        (Duration::from_nanos(1_500), "1500n"),
        (ms(250), "250m"),
        (Duration::from_secs(90), "90S"),
        (Duration::from_secs(7_200), "2H"),
        (Duration::from_nanos(1_234_567_890_123), "1234567m"),
        (Duration::MAX, "99999999H"),
    ] {
        assert_eq!(encode_timeout(timeout), expected);
    }
}

#[test]
fn what_is_no_timeout_is_none() {
    for wrong in ["", "m", "5", "5x", "-5m", "+5m", "5 m", "123456789m", "5.5S", "5é", "٥m"] {
        assert_eq!(decode_timeout(wrong), None, "{wrong:?}");
    }
    assert_eq!(decode_timeout("99999999H"), Some(Duration::from_secs(99_999_999 * 3_600)));
    assert_eq!(decode_timeout("00000001n"), Some(Duration::from_nanos(1)));
}

proptest! {
    #[test]
    fn a_timeout_never_grows_on_the_wire(nanos in any::<u64>()) {
        let sent = Duration::from_nanos(nanos);
        let value = encode_timeout(sent);
        prop_assert!(value.len() <= 9);
        let read = decode_timeout(&value).unwrap();
        prop_assert!(read <= sent);
        prop_assert!(sent - read <= sent / 1_000, "{sent:?} became {read:?}");
    }

    #[test]
    fn nothing_that_comes_in_breaks_anything(value in ".*") {
        let _ = (decode_timeout(&value), decode_attempts(Some(&value)), pushback(Some(&value)));
    }
}

/// tonic honours the deadline of a request and leaves it there: the calls made on its behalf have
/// none.
#[test]
fn an_inbound_deadline_is_on_the_wire_of_the_outbound_call() {
    let inbound = Baggage { deadline: Some(at(1_000)), ..Baggage::default() };
    assert_eq!(remaining(&inbound, at(400), ms(0)).as_deref(), Some("600m"));
    assert_eq!(remaining(&inbound, at(400), ms(10)).as_deref(), Some("590m"));
    assert_eq!(remaining(&inbound, at(999), ms(10)).as_deref(), Some("0H"), "late, not unbounded");
    assert_eq!(remaining(&Baggage::default(), at(0), ms(10)), None);
}

#[test]
fn the_number_of_a_try_is_told_from_the_second_on() {
    assert_eq!((encode_attempts(0), encode_attempts(2).as_deref()), (None, Some("2")));
    assert_eq!([None, Some("2"), Some("-1"), Some("many")].map(decode_attempts), [0, 2, 0, 0]);
}

#[test]
fn a_pushback_that_is_negative_or_no_number_means_stop() {
    assert_eq!(pushback(None), Pushback::Silent);
    assert_eq!(pushback(Some("0")), Pushback::After(ms(0)));
    assert_eq!(pushback(Some("40")), Pushback::After(ms(40)));
    for stop in ["-1", "soon", "", "4294967296"] {
        assert_eq!(pushback(Some(stop)), Pushback::Stop, "{stop:?}");
    }
}

#[test]
fn the_codes_mean_what_the_table_says() {
    let failure = |retryable, overload| Class::Failure { retryable, overload };
    let after = Pushback::After(ms(1));
    assert_eq!(class(14, Pushback::Silent), failure(true, false));
    assert_eq!(class(8, Pushback::Silent), failure(false, true));
    assert_eq!(class(8, after), failure(true, true));
    for never in [2, 4, 10, 13, 15] {
        assert_eq!(class(never, after), failure(false, false), "{never}");
    }
    for fault_of_the_caller in [3, 5, 6, 7, 9, 11, 12, 16] {
        assert_eq!(class(fault_of_the_caller, after), Class::Success);
    }
    assert_eq!((class(0, after), class(1, after)), (Class::Success, Class::Ignore));
}

struct Status(u32, Option<&'static str>);

impl GrpcError for Status {
    fn code(&self) -> u32 {
        self.0
    }

    fn pushback(&self) -> Option<&str> {
        self.1
    }
}

#[test]
fn a_classifier_reads_code_and_pushback() {
    let stop: Outcome<(), Status> = Err(Failure::Service(Status(14, Some("-1"))));
    assert_eq!(GrpcClassifier.pushback(&stop), Pushback::Stop);
    assert_eq!(GrpcClassifier.classify(&stop), Class::Failure { retryable: true, overload: false });
}
