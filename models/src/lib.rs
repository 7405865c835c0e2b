//! The environment of real policies: services, queues, links, workloads and faults.
//!
//! A [`Plan`](plan::Plan) says what there is and what happens; [`simulate`](run::simulate) runs it
//! on the virtual clock of `cascadia-sim-core` and returns what it measured. Beside that, [`tcp`] is
//! a network for real protocol code.

pub mod component;
mod exchange;
mod faults;
mod ground;
mod group;
mod hop;
mod ids;
pub mod laws;
mod layers;
mod load;
pub mod measure;
mod model;
mod names;
mod network;
pub mod plan;
pub mod run;
mod script;
mod service;
mod stack;
pub mod stats;
pub mod tcp;
mod world;
