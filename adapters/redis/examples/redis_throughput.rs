//! What the adapter costs beside the client that it is made of: `.ci/live throughput`.

#![expect(clippy::print_stdout, reason = "it is what it is for")]

use std::sync::Arc;

use cascadia_brokers::live::rates::{BATCH, MESSAGES, PREFETCH, Rates, body, compare, through};
use cascadia_brokers::live::{Meter, port, run};
use cascadia_patterns::messaging::suite::Usual;
use cascadia_redis::{RedisConfig, RedisStreams};
use redis::AsyncCommands;
use redis::streams::{StreamReadOptions, StreamReadReply};

fn main() {
    let url = format!("redis://127.0.0.1:{}", port("REDIS"));
    let ours = |name: String| {
        let broker = RedisStreams::new(&url, RedisConfig::default()).expect("a client");
        Box::pin(through(Arc::new(broker), Usual::redis(), name)) as _
    };
    let without = |name: String| Box::pin(bare(url.clone(), name)) as _;
    println!("{}", run(compare("Redis Streams", Box::new(ours), Box::new(without))));
}

async fn bare(url: String, stream: String) -> Rates {
    let client = redis::Client::open(url).expect("a client");
    let mut connection = client.get_multiplexed_async_connection().await.expect("a connection");
    let _: () = connection.xgroup_create_mkstream(&stream, "shop", "$").await.expect("a group");
    let mut meter = None;
    for _ in 0..MESSAGES / BATCH {
        let mut all = redis::pipe();
        all.atomic();
        for _ in 0..BATCH {
            all.xadd(&stream, "*", &[("body", body())]);
        }
        let _: Vec<String> = all.query_async(&mut connection).await.expect("it is published");
        meter.get_or_insert_with(Meter::begin);
    }
    let published = Meter::end(meter);
    let options = StreamReadOptions::default().group("shop", "ann").count(usize::from(PREFETCH));
    let (mut count, mut meter) = (0, None);
    while count < MESSAGES {
        let read: StreamReadReply =
            connection.xread_options(&[&stream], &[">"], &options).await.expect("it is read");
        meter.get_or_insert_with(Meter::begin);
        let ids: Vec<_> = read.keys.into_iter().flat_map(|key| key.ids).collect();
        for some in ids.chunks(BATCH) {
            let ids: Vec<_> = some.iter().map(|entry| entry.id.as_str()).collect();
            let _: usize = connection.xack(&stream, "shop", &ids).await.expect("it is done");
            count += some.len();
        }
    }
    Rates { published, consumed: Meter::end(meter) }
}
