//! Results in, pictures out.
//!
//! This crate owns the result of a run as it is saved ([`result`]) and everything that is made of
//! it: the terminal [`summary`], the [`charts`], the [`page`], and the exports ([`csv`], [`json`],
//! [`junit`]). It is a pure function of a saved result: it never simulates, reads no clock and
//! touches no file; texts come back as strings, and whoever runs it decides where they go.

pub mod charts;
mod color;
pub mod csv;
#[cfg(test)]
mod fixture;
pub mod format;
pub mod json;
pub mod junit;
mod occurring;
pub mod page;
pub mod palette;
mod policies;
pub mod result;
pub mod stats;
pub mod story;
pub mod summary;
mod windows;
