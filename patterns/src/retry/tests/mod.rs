mod backoff;
mod budget;
mod core;
mod layer;
