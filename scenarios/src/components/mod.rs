//! Components of a file: `"parrot": { "echo": { … }, "places": 2 }`.
//!
//! The language knows no kinds of its own: whoever loads a file brings a [`Registry`] of them.

mod disk;
mod read;
mod registry;
mod resolve;
mod shape;

pub use self::registry::{Registry, Wrong};

pub(crate) use self::disk::check_disk;
pub(crate) use self::read::{ComponentEl, components};
pub(crate) use self::resolve::plan;
pub(crate) use self::shape::Component;
