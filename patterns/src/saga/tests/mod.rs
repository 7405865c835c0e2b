mod codec;
mod core;
mod definition;
mod faults;
mod model;
mod scripted;
mod story;
mod world;
