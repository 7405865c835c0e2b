//! What the adapter costs beside the client that it is made of: `.ci/live throughput`.

#![expect(clippy::print_stdout, reason = "it is what it is for")]

use std::sync::Arc;
use std::time::Duration;

use cascadia_brokers::live::rates::{BATCH, MESSAGES, Rates, body, compare, through};
use cascadia_brokers::live::{Cost, Meter, port, run};
use cascadia_kafka::{KafkaConfig, KafkaLogs};
use cascadia_patterns::messaging::suite::Usual;
use rdkafka::ClientConfig;
use rdkafka::consumer::{CommitMode, Consumer, StreamConsumer};
use rdkafka::producer::{FutureProducer, FutureRecord};

fn main() {
    let servers = format!("127.0.0.1:{}", port("KAFKA"));
    let ours = |name: String| {
        let config = KafkaConfig {
            auto_create: true,
            session: Duration::from_secs(4),
            heartbeat: Duration::from_millis(200),
            ..KafkaConfig::default()
        };
        let broker = KafkaLogs::new(&servers, config);
        Box::pin(through(Arc::new(broker), Usual::kafka(), name)) as _
    };
    let without = |name: String| Box::pin(bare(servers.clone(), name)) as _;
    println!("{}", run(compare("Kafka's mock", Box::new(ours), Box::new(without))));
}

async fn bare(servers: String, topic: String) -> Rates {
    let mut client = ClientConfig::new();
    client.set("bootstrap.servers", &servers);
    let mut of_producer = client.clone();
    of_producer.set("acks", "all").set("enable.idempotence", "true").set("linger.ms", "5");
    let producer: FutureProducer = of_producer.create().expect("a client");
    let mut of_consumer = client.clone();
    of_consumer
        .set("group.id", &topic)
        .set("enable.auto.commit", "false")
        .set("auto.offset.reset", "earliest")
        .set("session.timeout.ms", "4000")
        .set("heartbeat.interval.ms", "200");
    let consumer: StreamConsumer = of_consumer.create().expect("a client");
    let published = publish(&producer, &topic).await;
    consumer.subscribe(&[&topic]).expect("a group");
    let mut meter = None;
    for count in 1..=MESSAGES {
        let last = consumer.recv().await.expect("it comes");
        meter.get_or_insert_with(Meter::begin);
        // What it is given is the client's otherwise, and cannot be kept.
        drop(last.detach());
        if count % BATCH == 0 {
            consumer.commit_message(&last, CommitMode::Sync).expect("it is done");
        }
    }
    Rates { published, consumed: Meter::end(meter) }
}

async fn publish(producer: &FutureProducer, topic: &str) -> Cost {
    let (body, mut meter) = (body(), None);
    for _ in 0..MESSAGES / BATCH {
        let all: Vec<_> = (0..BATCH)
            .map(|_| {
                let record = FutureRecord::<(), _>::to(topic).partition(0).payload(&body);
                producer.send_result(record).unwrap_or_else(|(error, _)| panic!("{error}"))
            })
            .collect();
        for answer in all {
            answer.await.expect("it is answered").expect("it is published");
        }
        meter.get_or_insert_with(Meter::begin);
    }
    Meter::end(meter)
}
