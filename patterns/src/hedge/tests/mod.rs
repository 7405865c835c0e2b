mod core;
mod layer;
mod properties;
mod tied;
