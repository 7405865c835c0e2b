//! The kernel, from without.

mod clocks;
mod executor;
#[cfg(not(madsim))]
mod properties;
mod reports;
mod wakers;
