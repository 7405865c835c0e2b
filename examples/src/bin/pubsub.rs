//! Publish and subscribe: one publishes, and everybody hears of it, at the pace of each and whenever each is there.
//!
//! `cargo run --release --manifest-path examples/Cargo.toml --bin pubsub`
//!
//! What to see: a slow subscriber holds up nobody. One that dies in the middle and comes back under its name goes on where it
//! was: the broker keeps what it has not done. One that comes late and asks for what comes from then on has missed the rest, and
//! nobody tells it; one that asks for all gets it.

use cascadia_examples::messaging::{Bus, Failed, Row, pubsub};

/// Another broker is one line: `Bus::of(quiet, || Ok(Arc::new(RedisStreams::new(url, config)?)))`.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failed> {
    println!("{}", Row::heading());
    for row in pubsub::play(&Bus::embedded()).await? {
        println!("{row}");
    }
    Ok(())
}
