#[path = "../../../src/engine/own/prefetch.rs"]
mod prefetch;
#[path = "../../../src/engine/own/queue/mod.rs"]
pub(crate) mod queue;
