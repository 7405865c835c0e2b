//! What all layers have in common.

mod health;
mod layers;
mod pairs;
mod refusals;
mod unpolled;
mod worlds;
