//! A layer needs one allocation a call: a boxed future. Not a hedge before its copy is due, nor a
//! fallback that is not asked, nor a call that waits for its answer need another one, and one that
//! only lets a call in needs none at all.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context as Wakening, Poll, Waker};

use cascadia_patterns::call::{Baggage, Context, TraceId, call_fn};
use cascadia_patterns::env::Env;
use cascadia_patterns::sample::{Route, Sample};
use cascadia_runtime::{Stream, TokioWorld};

use super::{ROUNDS, allocations};

/// Layers that need no future, or more than that: a tied copy shares with the others who of them has
/// begun, and a call that others may join shares with them its end and who waits for it.
const OTHERS: [(&str, u64); 7] = [
    ("deadline", 0),
    ("trace", 0),
    ("rate limit", 0),
    ("dagor", 0),
    ("tied hedge", 2),
    ("singleflight", 3),
    ("idempotency", 0),
];

/// Layers of a stack.
const TOGETHER: usize = 8;

pub(crate) fn env() -> Env<TokioWorld, u32, &'static str> {
    Env::new(TokioWorld::new(), Stream::from_seed(1))
}

fn samples() -> Vec<Sample<TokioWorld>> {
    cascadia_patterns::samples().into_iter().flat_map(|(_, samples)| samples).collect()
}

/// What a layer allocates a call.
fn own(sample: &Sample<TokioWorld>) -> u64 {
    let other = OTHERS.iter().find(|(name, _)| *name == sample.name);
    other.map_or(1, |(_, own)| *own)
}

/// Answers when it is looked at for the second time, and allocates its future.
fn server() -> Route {
    call_fn(|_: Context| async {
        let mut came = false;
        std::future::poll_fn(|context| {
            context.waker().wake_by_ref();
            if std::mem::replace(&mut came, true) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        Ok(7)
    })
}

/// Runs `work` where there are timers.
pub(crate) fn on_tokio(work: impl FnOnce()) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let _entered = runtime.enter();
    work();
}

/// How a call ends.
#[derive(Clone, Copy, Debug)]
enum End {
    Answered,
    /// It is dropped where it stands.
    Dropped,
}

/// The allocations of a call through layers, outermost first.
fn each(layers: &[Sample<TokioWorld>], end: End) -> u64 {
    let world = TokioWorld::new();
    let route = layers.iter().rev().fold(server(), |inner, layer| (layer.usual)(&world, inner));
    let count = allocations(|now| {
        let trace = TraceId(u128::from(now.as_nanos()));
        let request = Context::new(Baggage { safe: true, trace, ..Baggage::default() });
        let mut call = pin!(Arc::clone(&route).call(request));
        let mut wakening = Wakening::from_waker(Waker::noop());
        assert_eq!(call.as_mut().poll(&mut wakening), Poll::Pending);
        if let End::Answered = end {
            assert_eq!(call.as_mut().poll(&mut wakening), Poll::Ready(Ok(7)));
        }
    });
    assert_eq!(count % ROUNDS, 0, "every call allocates the same: {layers:?}");
    count / ROUNDS
}

#[test]
fn a_layer_allocates_a_future_and_the_server_one() {
    on_tokio(|| {
        let mut others = Vec::new();
        for sample in samples() {
            for end in [End::Answered, End::Dropped] {
                let each = each(std::slice::from_ref(&sample), end);
                if each != own(&sample) + 1 {
                    others.push((sample.name, end, each));
                }
            }
        }
        assert!(others.is_empty(), "{others:?}");
    });
}

#[test]
fn nor_do_layers_allocate_more_in_a_stack() {
    on_tokio(|| {
        for layers in samples().chunks(TOGETHER) {
            let all: u64 = layers.iter().map(own).sum();
            for end in [End::Answered, End::Dropped] {
                let names: Vec<_> = layers.iter().map(|sample| sample.name).collect();
                assert_eq!(each(layers, end), all + 1, "{names:?}, {end:?}");
            }
        }
    });
}
