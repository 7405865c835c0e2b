//! What all layers have in common.

mod health;
mod layers;
mod pairs;
mod reentrant;
mod refusals;
mod shown;
mod status;
mod unpolled;
mod worlds;

pub(crate) use self::layers::env;
