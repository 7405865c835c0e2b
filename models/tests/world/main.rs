//! The modelled world against what is known of it.

mod attempts;
mod behaviour;
mod cancels;
mod chances;
mod clients;
mod deadlines;
mod fails;
mod hedges;
mod hops;
mod keys;
mod kinds;
mod lanes;
mod last_instant;
mod limits;
mod machines;
mod members;
mod names;
mod parallel;
mod plans;
mod probes;
mod processes;
mod queues;
mod refusals;
mod timeouts;
mod ways;
