//! What all layers have in common.

mod extremes;
mod health;
mod layers;
mod lines;
mod pairs;
mod panics;
mod reentrant;
mod refusals;
mod shown;
mod status;
mod unpolled;
mod worlds;

pub(crate) use self::layers::env;
pub(crate) use self::panics::planted;
