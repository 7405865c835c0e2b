use std::collections::BTreeMap;

use cascadia_models::plan::{OnCancel, Workers};

use super::Consume;
use crate::decode::{Apart, Text, either, object, settings, words};
use crate::disciplines::{Chosen, Discipline};
use crate::labels::LabelValues;
use crate::steps::Step;
use crate::units::{Duration, Unlimited};

object! {
    /// A service: replicas that queue and work.
    pub(crate) struct Service {
        /// How many replicas it has.
        replicas: u32 = 1,
        /// Requests that one replica works on at the same time: a number or "unlimited".
        workers: AtOnce = Workers::Limited(1),
        /// Where requests wait for a worker.
        queue: Queue = Queue::default(),
        /// What becomes of a request whose caller has gone.
        on_cancel: OnCancel = OnCancel::Ignore,
        /// Its calls have the deadline of the request that they are made for. Without, a service
        /// behind it works for callers that have gone.
        forward_deadline: bool = true,
        /// The policy that requests pass on arrival.
        inbound: Option<Text> => "none",
        /// What a worker works on a request that is refused, by the queue or by the inbound
        /// policy.
        refusal: Duration = std::time::Duration::ZERO,
        /// Whether its calls carry the trace of the request that they are made for.
        trace: Trace = Trace::Forward,
        /// Labels for selectors; replica i gets element i of a list, over and over.
        labels: BTreeMap<String, LabelValues> => "none",
        /// What it can be asked to do. Needed, unless it consumes something.
        _endpoints as "endpoints": Apart<BTreeMap<String, Endpoint>> => "nothing",
        /// What it consumes: "broker.topic", and what it does with a message.
        _consume as "consume": Apart<BTreeMap<String, Consume>> => "nothing",
    }
}

either! {
    /// How many requests a replica works on at once.
    pub(crate) enum AtOnce: Workers {
        u32 => Workers::Limited,
        Unlimited => |()| Workers::Unlimited,
    }
    shown |workers| match workers {
        Workers::Limited(workers) => Some(workers.to_string()),
        Workers::Unlimited => None,
    }
}

/// Where requests wait.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    pub(crate) capacity: Option<u32>,
    pub(crate) discipline: Chosen,
}

settings! {
    /// Where requests wait.
    "Queue" for Queue {
        /// Most requests that wait at one replica.
        capacity: Option<u32> => "any number",
        /// Who is next, and who is shed.
        discipline: Discipline,
    }
}

words! {
    /// What becomes of a request whose caller has gone.
    "OnCancel" for OnCancel {
        /// It is worked off all the same.
        ignore => OnCancel::Ignore,
        /// It is dropped from the queue, and finished once begun.
        skip_queued => OnCancel::SkipQueued,
        /// It is dropped wherever it is.
        stop => OnCancel::Stop,
    }
}

/// What becomes of the trace of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trace {
    Forward,
    Drop,
}

words! {
    /// What becomes of the trace of a request.
    "Trace" for Trace {
        /// It is handed on with every call.
        forward => Trace::Forward,
        /// It ends here, and what is called begins another.
        drop => Trace::Drop,
    }
}

/// What is said of an endpoint besides its steps.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Properties {
    pub(crate) idempotent: Option<bool>,
    pub(crate) once: bool,
}

either! {
    /// What a service does for one kind of request: a list of steps, or an object with `steps`.
    pub(crate) enum Endpoint: Properties {
        Apart<Vec<Step>> => |()| Properties::default(),
        EndpointObject => |object| Properties { idempotent: object.idempotent, once: object.once },
    }
}

object! {
    /// An endpoint with its properties.
    pub(crate) struct EndpointObject {
        /// Sending a request twice does no harm, so it may be retried.
        idempotent: Option<bool> => "unless its name begins with POST or PATCH",
        /// It does a command of a saga once, never one that comes after its undo, and none for an orchestrator that is not in charge
        /// any more: what it enters in ledgers is one transaction with the note of that.
        once: bool = false,
        /// The work, in order.
        _steps as "steps": Apart<Vec<Step>>,
    }
}
