//! Requests and replies as messages. One request in twenty is slower than anybody waits, one in fifty can never be done, and the
//! replier is killed in the middle and started anew.
//!
//! `cargo run --release --manifest-path examples/Cargo.toml --bin request_reply`
//!
//! What to see: each request ends as one thing. Replies that come when nobody waits any more are dropped and
//! counted, and no entry is left in the table of those who wait. What the killed replier had not acknowledged is done again
//! by the next one: its requester sees one reply, and the work may be doubled. A request that comes again when nobody waits for it has
//! expired, and is with the dead letters beside those that can never be done.

use cascadia_examples::messaging::{Bus, Failed, request_reply};

/// Another broker is one line: `Bus::of(quiet, || Ok(Arc::new(RedisStreams::new(url, config)?)))`.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failed> {
    print!("{}", request_reply::play(&Bus::embedded()).await?);
    Ok(())
}
