mod core;
mod layer;
mod properties;
