//! The mock cluster of `librdkafka` as a process of its own, until it is killed. It writes where it listens into a file.
//!
//! `cargo run --manifest-path adapters/Cargo.toml -p cascadia-kafka --example mock -- FILE`

use std::error::Error;
use std::path::PathBuf;

use rdkafka::mocking::MockCluster;

fn main() -> Result<(), Box<dyn Error>> {
    let file = PathBuf::from(std::env::args().nth(1).ok_or("a file must be named")?);
    let cluster = MockCluster::new(1)?;
    // Whoever waits for the file finds it whole.
    let half = file.with_extension("half");
    std::fs::write(&half, cluster.bootstrap_servers())?;
    std::fs::rename(half, file)?;
    loop {
        std::thread::park();
    }
}
