//! Stacks that requests pass on arrival.

use std::sync::Arc;

use cascadia_patterns::deadline::DeadlineLayer;
use cascadia_patterns::shed::WaitGauge;
use cascadia_sim_core::Sim;

use super::{Builder, Caller};
use crate::model::Model;
use crate::names::INBOUND;
use crate::plan::StackId;
use crate::request::{Content, Request, Route, ServiceError};
use crate::service::Station;

/// What an inbound stack has to do with the queue behind it.
#[derive(Default)]
pub(crate) struct AtQueue {
    /// Those that go by how long requests wait in it.
    pub(crate) waits: Vec<Arc<WaitGauge>>,
    /// Those that look at a request again when a worker takes it up, innermost first.
    pub(crate) deadlines: Vec<Arc<DeadlineLayer<Sim, Request, Content, ServiceError>>>,
}

/// The way of requests to the queue of the replica `caller`, and what its layers do there.
pub(crate) fn inbound(
    model: &Arc<Model>,
    caller: &Caller<'_>,
    stack: StackId,
    station: Station,
) -> (Route, AtQueue) {
    let service = station.replica.service;
    let way = format!("into {}", model.plan.services[service.0 as usize].name);
    let policy = model.plan.stack_name(Some(stack));
    let builder = Builder {
        model,
        caller,
        stack: Some(stack),
        policy,
        apart: "",
        way,
        ambiguous: false,
        repeated: true,
    };
    let mut at_queue = AtQueue::default();
    let station = Arc::new(station);
    let route = builder.wrap_before(builder.layers(), 0, INBOUND, station, &mut at_queue);
    (route, at_queue)
}
