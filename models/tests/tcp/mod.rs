//! The network of byte streams against what TCP is known to do.

mod faults;
mod handshake;
mod properties;
mod streams;
mod support;
