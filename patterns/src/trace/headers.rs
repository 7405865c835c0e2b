use std::sync::Arc;

use super::TraceParent;
use crate::call::{Baggage, Carried, SpanId, TraceId, TraceState};

const PARENT: &str = "traceparent";
const STATE: &str = "tracestate";
const CORRELATION: &str = "x-correlation-id";
/// Longest correlation id that is accepted.
const LONGEST: usize = 128;

/// Reads the trace and the correlation id of a request from its headers; a
/// [`TraceLayer`](super::TraceLayer) begins what they do not bring.
///
/// Names are compared without regard to case. A `traceparent` that is given twice counts as none,
/// and without a valid one the `tracestate` is not looked at.
pub fn accept<'a>(baggage: &mut Baggage, headers: impl Iterator<Item = (&'a str, &'a str)>) {
    let (mut parents, mut states, mut correlation) = (Vec::new(), Vec::new(), None);
    for (name, value) in headers {
        if name.eq_ignore_ascii_case(PARENT) {
            parents.push(value);
        } else if name.eq_ignore_ascii_case(STATE) {
            states.push(value);
        } else if name.eq_ignore_ascii_case(CORRELATION) && is_correlation(value) {
            correlation.get_or_insert(value);
        }
    }
    let parent = if let [parent] = parents[..] { TraceParent::parse(parent) } else { None };
    let mut carried =
        Carried { correlation: correlation.map(Arc::from), state: TraceState::default() };
    (baggage.trace, baggage.span, baggage.sampled) = (TraceId(0), SpanId(0), false);
    if let Some(TraceParent { trace, span, sampled }) = parent {
        (baggage.trace, baggage.span, baggage.sampled) = (trace, span, sampled);
        carried.state = TraceState::parse(states.into_iter()).unwrap_or_default();
    }
    baggage.carried = (carried != Carried::default()).then(|| Arc::new(carried));
}

/// The headers by which a request carries on its trace and its correlation id.
pub fn forward(baggage: &Baggage) -> Vec<(&'static str, String)> {
    let mut headers = Vec::with_capacity(3);
    let Baggage { trace, span, sampled, .. } = *baggage;
    if trace.0 != 0 && span.0 != 0 {
        headers.push((PARENT, TraceParent { trace, span, sampled }.to_string()));
        let state = baggage.carried.as_ref().map(|carried| carried.state.clone().shortened());
        if let Some(state) = state.filter(|state| !state.is_empty()) {
            headers.push((STATE, state.to_string()));
        }
    }
    headers.extend(echo(baggage));
    headers
}

/// The header by which an answer says which request it is for: the correlation id that the user
/// sent, or else the trace.
pub fn echo(baggage: &Baggage) -> Option<(&'static str, String)> {
    let sent = baggage.carried.as_ref().and_then(|carried| carried.correlation.as_deref());
    let made = || (baggage.trace.0 != 0).then(|| format!("{:032x}", baggage.trace.0));
    sent.map(str::to_owned).or_else(made).map(|id| (CORRELATION, id))
}

/// Printable and of bounded length: it ends up in headers, logs and search fields.
fn is_correlation(id: &str) -> bool {
    (1..=LONGEST).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic())
}
