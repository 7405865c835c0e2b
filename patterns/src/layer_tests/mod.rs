//! What all layers have in common.

mod layers;
mod pairs;
mod refusals;
mod unpolled;
