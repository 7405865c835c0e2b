//! The environment of real policies: services, queues, links, workloads and faults.
//!
//! A [`Plan`](plan::Plan) says what there is and what happens; [`simulate`](run::simulate) runs it
//! on the virtual clock of `cascadia-sim-core` and returns what it measured. Real protocol code runs
//! over [`tcp`], on hosts of its own or at the places of a plan.
//!
//! # The way through
//!
//! ```text
//! run → faults → model → service, load, group, ground → stack → hop → world
//!     → measure → plan → component, script → exchange, tcp → network → ids
//! ```
//!
//! Each imports only from what stands behind it. An exchange is a request, its answer and the peer that
//! brought it: a hop over the network, or the inbound stack of a replica. A [`component`] is whatever
//! lives at a place; the replicas of services are components. A world is what all of them share, and
//! the model puts one together.

pub mod component;
mod draws;
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
mod words;
mod world;
