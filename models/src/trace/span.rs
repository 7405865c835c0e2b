use cascadia_patterns::call::{Kind, Layer, Reason};
use cascadia_runtime::Time;

use crate::exchange::Ended;
use crate::ids::{Instance, LoadId, ServiceId};

/// A request that was followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The key of the request.
    pub key: u64,
    /// Itself first, and each of the others behind the one that it is part of.
    pub spans: Vec<Span>,
    /// What was not kept, as it was too much.
    pub left_out: u64,
}

/// A part of the time of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The span that it is part of, which stands before it.
    pub parent: Option<usize>,
    /// What goes on.
    pub kind: SpanKind,
    /// When it begins.
    pub begin: Time,
    /// When it ends.
    pub end: Time,
    /// How what was called ended; none where its caller had gone before, and where nothing was called.
    pub ended: Option<Ended>,
    /// What was said of it, where it was no success.
    pub said: Option<Said>,
}

/// What goes on in a span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpanKind {
    /// A request of a load.
    Request(LoadId),
    /// A call of a service, with all its tries.
    Call(ServiceId),
    /// What a layer does on the way to a service.
    Layer(&'static str, ServiceId),
    /// A layer waits, or lets its caller wait.
    Wait(&'static str),
    /// A call to one replica.
    Attempt {
        /// The replica.
        to: Instance,
        /// Which copy of the try it is, from 0.
        copy: u8,
    },
    /// The request is on its way.
    There,
    /// It waits for a worker.
    Queue,
    /// It is worked on.
    Work,
    /// The answer is on its way.
    Back,
    /// A message is published, to a topic of a broker.
    Publish(String),
    /// Something is asked by a message to a topic of a broker.
    Ask(String),
}

/// What is said of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// Who refused, and why.
    Refused(Layer, Reason),
    /// Who stopped waiting.
    GaveUp(Layer),
    /// What kind of error it is.
    Error(Kind),
    /// What was published was not confirmed.
    Unconfirmed,
}
