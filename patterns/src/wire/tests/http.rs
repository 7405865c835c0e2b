use std::time::Duration;

use cascadia_runtime::{TokioWorld, Wall};

use crate::call::{Class, Classify, Failure, Layer, Outcome, Pushback, Reason, Rejection};
use crate::testing::ms;
use crate::wire::http::{
    HttpAnswer, HttpClassifier, class, encode_retry_after, is_cacheable, is_untouched, retry_after,
    status_of,
};

/// Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110.
const EXAMPLE: u64 = 784_111_777;

fn at_wall(value: &str, seconds: u64) -> Pushback {
    retry_after(Some(value), Wall::EPOCH + Duration::from_secs(seconds))
}

#[test]
fn retry_after_is_a_number_of_seconds_or_a_date() {
    let after = |seconds| Pushback::After(Duration::from_secs(seconds));
    assert_eq!(at_wall("120", 0), after(120));
    assert_eq!(at_wall(" 0 ", 0), after(0));
    for date in [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
    ] {
        assert_eq!(at_wall(date, EXAMPLE - 30), after(30), "{date}");
    }
}

/// Bounded from both sides: a clock that is ahead waits less by just that much, though never less than
/// not at all, and one that is behind waits more by just that much.
#[test]
fn a_clock_that_is_wrong_shifts_the_wait_for_a_date_by_what_it_is_wrong() {
    let due = Duration::from_secs(EXAMPLE);
    for wait in [0, 1, 30, 3_600, EXAMPLE] {
        for skew in [0, 1, 29, 30, 31, 3_600, 10 * EXAMPLE] {
            let wait_by = |shown: Wall| {
                let date = "Sun, 06 Nov 1994 08:49:37 GMT";
                let Pushback::After(wait) = retry_after(Some(date), shown) else {
                    panic!("{date}")
                };
                wait
            };
            let (skew, wait) = (Duration::from_secs(skew), Duration::from_secs(wait));
            let truth = Wall::EPOCH + due - wait;
            assert_eq!(wait_by(truth), wait);
            assert_eq!(wait_by(truth + skew), wait.saturating_sub(skew), "{skew:?} ahead");
            let behind = skew.min(due - wait);
            assert_eq!(wait_by(truth - skew), wait + behind, "{skew:?} behind");
            // A number of seconds asks no clock.
            let asked = |wall| retry_after(Some("120"), wall);
            assert_eq!(asked(truth + skew), asked(truth - skew));
        }
    }
    let latest = at_wall("Fri, 31 Dec 9999 23:59:59 GMT", 0);
    assert_eq!(latest, Pushback::After(Wall::MAX.since(Wall::EPOCH)), "no clock shows that");
}

#[test]
fn a_date_that_has_passed_means_now() {
    assert_eq!(at_wall("Sun, 06 Nov 1994 08:49:37 GMT", EXAMPLE + 5), Pushback::After(ms(0)));
}

#[test]
fn what_is_neither_is_no_header() {
    for wrong in ["", "-1", "1.5", "soon", "Sun, 99 Nov 1994 08:49:37 GMT"] {
        assert_eq!(at_wall(wrong, 0), Pushback::Silent, "{wrong:?}");
    }
    assert_eq!(retry_after(None, Wall::EPOCH), Pushback::Silent);
    let forever = Pushback::After(Duration::from_secs(u64::MAX));
    assert_eq!(at_wall("99999999999999999999999", 0), forever);
}

#[test]
fn a_wait_is_never_shorter_on_the_wire() {
    for (wait, header) in [(ms(0), "0"), (ms(1), "1"), (ms(1_000), "1"), (ms(1_001), "2")] {
        assert_eq!(encode_retry_after(wait), header);
        let Pushback::After(read) = at_wall(header, 0) else { panic!("{header} is read") };
        assert!(read >= wait);
    }
    assert_eq!(encode_retry_after(Duration::MAX), u64::MAX.to_string());
}

#[test]
fn a_refusal_of_a_server_is_one_to_its_client() {
    for (by, reason, status) in [
        (Layer::RATE_LIMIT, Reason::RATE_LIMITED, 429),
        (Layer::DEADLINE, Reason::EXPIRED, 504),
        (Layer::BULKHEAD, Reason::FULL, 503),
        (Layer::SHED, Reason::OVERLOADED, 503),
    ] {
        assert_eq!(status_of(&Rejection::new(by, reason)), status);
        assert!(matches!(class(status), Class::Failure { retryable: true, .. }));
    }
}

#[test]
fn the_statuses_mean_what_the_table_says() {
    for (status, retryable, overload) in [
        (408, true, false),
        (425, true, false),
        (429, true, true),
        (500, true, false),
        (501, false, false),
        (502, true, false),
        (503, true, true),
        (504, true, false),
        (511, false, false),
    ] {
        assert_eq!(class(status), Class::Failure { retryable, overload }, "{status}");
    }
    assert_eq!([200, 301, 404, 409, 422].map(class), [Class::Success; 5]);
    assert_eq!([425, 429, 503, 500].map(is_untouched), [true, true, false, false]);
    assert_eq!([200, 202, 404, 503].map(is_cacheable), [true, false, true, false]);
}

struct Answer(u16, Option<&'static str>);

impl HttpAnswer for Answer {
    fn status(&self) -> u16 {
        self.0
    }

    fn retry_after(&self) -> Option<&str> {
        self.1
    }
}

#[test]
fn a_classifier_reads_status_and_header() {
    let judge = HttpClassifier::new(TokioWorld::new());
    let busy: Outcome<_, &str> = Ok(Answer(429, Some("2")));
    assert_eq!(judge.classify(&busy), Class::Failure { retryable: true, overload: true });
    assert_eq!(judge.pushback(&busy), Pushback::After(ms(2_000)));
    assert!(judge.is_untouched(&busy));
    let reset: Outcome<Answer, &str> = Err(Failure::Service("reset"));
    assert_eq!(judge.classify(&reset), Class::Failure { retryable: true, overload: false });
    assert!(!judge.is_untouched(&reset));
}
