//! Orders that are written to a store, and messages that tell of them. The process dies every few orders, and so does the relay.
//!
//! `cargo run --release --manifest-path examples/Cargo.toml --bin outbox`
//!
//! What to see: who publishes after the commit loses the message of whatever was committed when the process
//! died; who publishes before it tells of orders that are none. With an outbox neither happens, whoever dies when.
//! What a relay published and had not deleted is published again under the same id, and the broker knows it again.

use cascadia_examples::messaging::{Bus, Failed, Row, outbox};

/// Another broker is one line: `Bus::of(quiet, || Ok(Arc::new(RedisStreams::new(url, config)?)))`.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failed> {
    println!("{}{:>9}", Row::heading(), "untrue");
    for (row, untrue) in outbox::play(&Bus::embedded()).await? {
        println!("{row}{untrue:>9}");
    }
    Ok(())
}
