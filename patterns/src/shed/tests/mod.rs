mod codel;
mod config;
mod dagor;
mod layers;
mod queue;
