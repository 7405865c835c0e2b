//! Results in, pictures out.
//!
//! This crate owns the result of a run as it is saved ([`result`]) and everything that is made of
//! it. It is a pure function of a saved result: it never simulates, reads no clock and touches no
//! file; texts come back as strings, and whoever runs it decides where they go.

pub mod result;
