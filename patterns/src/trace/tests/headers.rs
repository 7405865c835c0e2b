use proptest::prelude::*;

use crate::call::{Baggage, SpanId, TraceId, TraceState};
use crate::trace::{TraceParent, accept, echo, forward};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const SPAN: &str = "b7ad6b7169203331";

fn parent(version: &str, rest: &str) -> Option<TraceParent> {
    TraceParent::parse(&format!("{version}-{TRACE}-{SPAN}-{rest}"))
}

fn accepted(headers: &[(&str, &str)]) -> Baggage {
    let mut baggage = Baggage::default();
    accept(&mut baggage, headers.iter().copied());
    baggage
}

#[test]
fn a_valid_parent_is_read() {
    let read = parent("00", "01").unwrap();
    assert_eq!(read.trace, TraceId(0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c));
    assert_eq!((read.span, read.sampled), (SpanId(0xb7ad_6b71_6920_3331), true));
    assert!(!parent("00", "00").unwrap().sampled);
    assert!(parent("00", "09").unwrap().sampled, "the flags are bits, not a number");
}

#[test]
fn ids_of_all_zeros_are_none() {
    assert_eq!(TraceParent::parse(&format!("00-{}-{SPAN}-01", "0".repeat(32))), None);
    assert_eq!(TraceParent::parse(&format!("00-{TRACE}-{}-01", "0".repeat(16))), None);
}

#[test]
fn a_higher_version_is_read_as_far_as_it_is_known() {
    assert_eq!(parent("cc", "01"), parent("00", "01"));
    assert_eq!(parent("01", "01-what-the-future-will-be-like"), parent("00", "01"));
    assert_eq!(parent("01", "01.what"), None, "the flags end in a dash or with the header");
    assert_eq!(parent("00", "01-what"), None, "version 00 has an end");
}

#[test]
fn there_is_no_version_ff() {
    assert_eq!(parent("ff", "01"), None);
}

#[test]
fn what_is_not_lowercase_hexadecimal_is_none() {
    for bad in ["", "00", "00-", &format!("00-{}-{SPAN}-01", TRACE.to_uppercase())] {
        assert_eq!(TraceParent::parse(bad), None, "{bad}");
    }
    for version in ["0", "000", "0g", "+0", "0x"] {
        assert_eq!(parent(version, "01"), None, "{version}");
    }
    assert_eq!(parent("00", "+1"), None);
}

/// The iterator of hyper's headers cannot be cloned.
#[test]
fn headers_may_be_read_only_once() {
    let header = format!("00-{TRACE}-{SPAN}-01");
    let mut left = vec![("x-correlation-id", "order-17"), ("traceparent", &header)];
    let mut baggage = Baggage::default();
    accept(&mut baggage, std::iter::from_fn(|| left.pop()));
    assert_eq!(forward(&baggage)[0], ("traceparent", header.clone()));
    assert_eq!(echo(&baggage).unwrap().1, "order-17");
}

#[test]
fn a_parent_given_twice_is_none() {
    let header = format!("00-{TRACE}-{SPAN}-01");
    assert_ne!(accepted(&[("traceparent", &header)]).trace, TraceId(0));
    let twice = [("traceparent", &*header), ("TraceParent", &*header)];
    assert_eq!(accepted(&twice).trace, TraceId(0));
}

#[test]
fn a_state_without_a_valid_parent_is_not_read_and_a_bad_state_harms_no_parent() {
    let header = format!("00-{TRACE}-{SPAN}-01");
    assert_eq!(accepted(&[("tracestate", "a=1"), ("traceparent", "00-bad")]).carried, None);
    let bad = accepted(&[("tracestate", "A=1"), ("traceparent", &header)]);
    assert_eq!((bad.carried, bad.span), (None, SpanId(0xb7ad_6b71_6920_3331)));
    let good = accepted(&[("tracestate", "a=1"), ("traceparent", &header), ("tracestate", "b=2")]);
    assert_eq!(good.carried.unwrap().state.to_string(), "a=1,b=2", "several headers are one list");
}

fn state(header: &str) -> Option<TraceState> {
    TraceState::parse([header].into_iter())
}

#[test]
fn a_state_is_a_list_of_entries_with_distinct_keys() {
    let read = state(" rojo=00f067aa0ba902b7 ,\t, congo=t61rcWkgMzE,").unwrap();
    assert_eq!(read.to_string(), "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE");
    assert_eq!(read.get("congo"), Some("t61rcWkgMzE"));
    assert_eq!(state("").map(|state| state.is_empty()), Some(true));
    for bad in ["a", "a=", "=1", "A=1", "a=1,a=2", "a=b=c", "a=\u{e9}", "_a=1"] {
        assert_eq!(state(bad), None, "{bad}");
    }
}

#[test]
fn a_state_has_at_most_thirty_two_entries() {
    let list = |count: usize| {
        let entries: Vec<String> = (0..count).map(|index| format!("k{index}=v")).collect();
        state(&entries.join(","))
    };
    assert!(list(33).is_none());
    let mut full = list(32).unwrap();
    assert!(full.set("new", "1"));
    assert_eq!((full.get("new"), full.get("k0"), full.get("k31")), (Some("1"), Some("v"), None));
}

#[test]
fn what_is_changed_moves_to_the_front() {
    let mut read = state("rojo=1,congo=2").unwrap();
    assert!(read.set("congo", "3"));
    assert_eq!(read.to_string(), "congo=3,rojo=1");
    assert!(!read.set("Congo", "4") && !read.set("congo", "4,5") && !read.set("congo", "6 "));
    assert_eq!(read.to_string(), "congo=3,rojo=1");
}

#[test]
fn five_hundred_and_twelve_characters_are_handed_on() {
    let long = format!("big={}", "x".repeat(200));
    let entries: Vec<String> =
        (10..60).map(|index| format!("k{index}=v{index}5678901234")).collect();
    let exact = state(&format!("a={},b={}", "x".repeat(255), "y".repeat(252))).unwrap();
    assert_eq!(exact.to_string().len(), 512);
    assert_eq!(exact.clone().shortened(), exact);
    let list = format!("{},{long},{}", entries[..12].join(","), entries[12..31].join(","));
    let kept = state(&list).unwrap().shortened();
    assert_eq!(kept.get("big"), None, "a long entry goes first");
    assert!((490..=512).contains(&kept.to_string().len()), "{kept}");
    assert_eq!(kept.get("k10"), Some("v105678901234"), "the latest stay");
}

#[test]
fn a_correlation_id_is_accepted_echoed_and_forwarded() {
    let baggage = accepted(&[("X-Correlation-Id", "order-17")]);
    let header = ("x-correlation-id", "order-17".to_owned());
    assert_eq!(echo(&baggage), Some(header.clone()));
    assert_eq!(forward(&baggage), [header]);
}

#[test]
fn without_one_the_trace_is_the_correlation_id() {
    let header = format!("00-{TRACE}-{SPAN}-00");
    for bad in ["", "two words", "line\nbreak", &"x".repeat(129)] {
        let baggage = accepted(&[("traceparent", &header), ("x-correlation-id", bad)]);
        assert_eq!(echo(&baggage), Some(("x-correlation-id", TRACE.to_owned())), "{bad}");
    }
    assert_eq!(echo(&Baggage::default()), None);
}

proptest! {
    #[test]
    fn what_is_written_is_read(trace in 1u128.., span in 1u64.., sampled: bool) {
        let parent = TraceParent { trace: TraceId(trace), span: SpanId(span), sampled };
        prop_assert_eq!(TraceParent::parse(&parent.to_string()), Some(parent));
    }

    #[test]
    fn nothing_makes_the_reader_panic(header in "\\PC*", state in "\\PC*") {
        let parsed = TraceParent::parse(&header);
        prop_assert!(parsed.is_none_or(|parent| parent.trace.0 != 0 && parent.span.0 != 0));
        if let Some(read) = TraceState::parse([&*state].into_iter()) {
            let again = TraceState::parse([&*read.to_string()].into_iter());
            prop_assert_eq!(again, Some(read.clone()));
            prop_assert!(read.shortened().to_string().len() <= 513);
        }
    }
}
