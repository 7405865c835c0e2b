//! Cascadia from outside: scenario files in, results and exit codes out.
//!
//! `CASCADIA_FULL=1` runs the seed-heavy tests on every seed instead of four.

mod bad_input;
mod bill;
#[cfg(not(madsim))]
mod cascades;
mod chains;
mod checks;
mod circles;
mod claims;
mod clock_step;
#[cfg(not(madsim))]
mod commands;
mod components;
mod conformance;
mod cooldown;
mod determinism;
mod engines;
#[cfg(not(madsim))]
mod generated;
#[cfg(not(madsim))]
mod harm;
mod hedging;
mod layers;
#[cfg(not(madsim))]
mod messages;
#[cfg(not(madsim))]
mod names;
mod pairs;
mod policies;
mod properties;
mod readme;
mod recoveries;
mod replication;
mod retry_storm;
#[cfg(not(madsim))]
mod sagas;
mod shipped;
mod sick_replica;
mod singleflight;
#[cfg(not(madsim))]
mod space_time;
#[cfg(not(madsim))]
mod standstill;
mod statuses;
#[cfg(not(madsim))]
mod streams;
mod support;
mod theory;
mod tidy;
#[cfg(not(madsim))]
mod traces;
mod trials;
mod verdicts;
