//! What is modelled, against what is known of it.

mod laws;
mod tcp;
mod world;
