use std::convert::identity;
use std::time;

use cascadia_patterns::breaker;

use crate::decode::{choice, either, object};
use crate::units::{Duration, duration_as_written};

/// The buckets by which a window slides, as in the default of the pattern.
const BUCKETS: u16 = 10;

either! {
    /// A window, or a list of windows of which any one opens the circuit.
    pub(in crate::layers) enum Windows: Vec<breaker::Window> {
        Window => |window| vec![window],
        Vec<Window> => identity,
    }
    shown |windows| match windows[..] {
        [breaker::Window::Time { span, .. }] => {
            Some(format!("the last {}", duration_as_written(span)))
        }
        _ => None,
    }
}

choice! {
    /// The outcomes that rates are taken over.
    pub(super) enum Window: breaker::Window {
        /// Those of the last while.
        time(Span) => |Sliding { span, buckets }| breaker::Window::Time { span, buckets },
        /// The last so many.
        count(u32) => breaker::Window::Count,
        /// All, each weighing half as much after this long.
        ewma(Duration) => |half_life| breaker::Window::Ewma { half_life },
    }
}

either! {
    /// The length of a window, or its length and its buckets.
    pub(super) enum Span: Sliding {
        Duration => Sliding::of,
        Sliding => identity,
    }
}

object! {
    /// A window of time.
    pub(super) struct Sliding {
        /// Its length.
        span: Duration,
        /// The buckets by which it slides.
        buckets: u16 = BUCKETS,
    }
}

impl Sliding {
    fn of(span: time::Duration) -> Self {
        Self { span, buckets: BUCKETS }
    }
}
