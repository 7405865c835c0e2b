//! The environment of real policies: services, queues, links, workloads and faults.
//!
//! A [`Plan`](plan::Plan) says what there is and what happens; [`run`](run::run) simulates it on
//! the virtual clock of `cascadia-sim-core` and returns what it measured.

pub mod laws;
pub mod plan;
