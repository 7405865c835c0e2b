//! A queue of work that four workers share. Each of them is killed in the middle and started anew, a task in twenty fails at
//! first, and one in fifty can never be done.
//!
//! `cargo run --release --manifest-path examples/Cargo.toml --bin work_queue`
//!
//! What to see: who acknowledges before the work loses what was being done at the time, and what failed. Who does it
//! after the work loses nothing, and does again what a killed worker had done and not acknowledged. With an
//! inbox, which knows in the transaction of the work whether it was done, it is done once. What can never be done
//! is with the dead letters, and holds up nothing.

use cascadia_examples::messaging::{Bus, Failed, Row, work_queue};

/// Another broker is one line: `Bus::of(quiet, || Ok(Arc::new(RedisStreams::new(url, config)?)))`.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failed> {
    println!("{}", Row::heading());
    for row in work_queue::play(&Bus::embedded()).await? {
        println!("{row}");
    }
    Ok(())
}
