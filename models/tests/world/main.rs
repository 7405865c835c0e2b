//! The modelled world against what is known of it.

mod behaviour;
mod hedges;
mod limits;
mod plans;
mod probes;
mod queues;
mod refusals;
mod timeouts;
