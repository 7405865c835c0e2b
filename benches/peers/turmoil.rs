//! turmoil: a tokio runtime with a paused clock for each host, all moved on in steps of 1 ms.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use turmoil::net::{TcpListener, TcpStream};

use crate::tokio_paused;
use crate::workload::Workload;

const PORT: u16 = 80;
const BYTES: usize = 64;

pub(crate) fn run(workload: Workload, operations: u64) -> Option<Duration> {
    let mut simulation = turmoil::Builder::new()
        .simulation_duration(Duration::from_secs(1 << 32))
        .min_message_latency(Duration::from_micros(100))
        .max_message_latency(Duration::from_micros(100))
        .build();
    if workload == Workload::Stream {
        simulation.host("server", || async { echo().await });
        simulation.client("client", async move { ask(operations).await });
    } else {
        simulation.client("client", async move {
            tokio_paused::all(workload, operations).await;
            Ok(())
        });
    }
    let began = Instant::now();
    simulation.run().expect("it runs");
    Some(began.elapsed())
}

async fn echo() -> turmoil::Result {
    let listener = TcpListener::bind(("0.0.0.0", PORT)).await?;
    loop {
        let (mut stream, _) = listener.accept().await?;
        tokio::spawn(async move {
            let mut buffer = [0; BYTES];
            while stream.read_exact(&mut buffer).await.is_ok() {
                stream.write_all(&buffer).await.expect("it is connected");
            }
        });
    }
}

async fn ask(count: u64) -> turmoil::Result {
    let mut stream = TcpStream::connect(("server", PORT)).await?;
    let mut buffer = [0; BYTES];
    for _ in 0..count {
        stream.write_all(&buffer).await?;
        stream.read_exact(&mut buffer).await?;
    }
    Ok(())
}
