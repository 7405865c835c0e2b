//! Real HTTP stacks between two hosts of a simulated network.

mod faults;
mod silence;
mod support;
mod timers;
mod worlds;
