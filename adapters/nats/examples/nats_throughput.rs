//! What the adapter costs beside the client that it is made of: `.ci/live throughput`.

#![expect(clippy::print_stdout, reason = "it is what it is for")]

use std::sync::Arc;

use async_nats::jetstream::consumer::{AckPolicy, PullConsumer, pull};
use async_nats::jetstream::context::Context;
use async_nats::jetstream::stream;
use cascadia_brokers::live::rates::{BATCH, MESSAGES, PREFETCH, Rates, body, compare, through};
use cascadia_brokers::live::{Cost, Meter, port, run};
use cascadia_nats::{NatsConfig, NatsStreams};
use cascadia_patterns::messaging::suite::Usual;
use futures_util::StreamExt;
use futures_util::future::join_all;

fn main() {
    let address = format!("127.0.0.1:{}", port("NATS"));
    let ours = |name: String| {
        let broker = NatsStreams::new(&address, NatsConfig::default()).expect("a client");
        Box::pin(through(Arc::new(broker), Usual::jetstream(), name)) as _
    };
    let without = |name: String| Box::pin(bare(address.clone(), name)) as _;
    println!("{}", run(compare("JetStream", Box::new(ours), Box::new(without))));
}

async fn bare(address: String, name: String) -> Rates {
    let client = async_nats::connect(address).await.expect("a connection");
    let context = async_nats::jetstream::new(client);
    let config = stream::Config { name: name.clone(), ..stream::Config::default() };
    let made = context.create_stream(config).await.expect("a stream");
    let config = pull::Config {
        durable_name: Some("shop".to_owned()),
        ack_policy: AckPolicy::Explicit,
        max_ack_pending: -1,
        ..pull::Config::default()
    };
    let consumer: PullConsumer = made.create_consumer(config).await.expect("a consumer");
    let published = publish(&context, &name).await;
    Rates { published, consumed: consume(&consumer).await }
}

async fn publish(context: &Context, name: &str) -> Cost {
    let mut meter = None;
    for _ in 0..MESSAGES / BATCH {
        let mut answers = Vec::with_capacity(BATCH);
        for _ in 0..BATCH {
            let sent = context.publish(name.to_owned(), body().into()).await;
            answers.push(sent.expect("it is sent"));
        }
        for answer in answers {
            answer.await.expect("it is published");
        }
        meter.get_or_insert_with(Meter::begin);
    }
    Meter::end(meter)
}

async fn consume(consumer: &PullConsumer) -> Cost {
    let (mut count, mut some, mut meter) = (0, Vec::with_capacity(BATCH), None);
    while count < MESSAGES {
        let asked = consumer.fetch().max_messages(usize::from(PREFETCH)).messages().await;
        let mut messages = asked.expect("it is asked");
        while let Some(message) = messages.next().await {
            some.push(message.expect("it comes"));
            meter.get_or_insert_with(Meter::begin);
            count += 1;
            if some.len() == BATCH {
                let done = join_all(some.iter().map(|message| message.double_ack())).await;
                done.into_iter().for_each(|done| done.expect("it is done"));
                some.clear();
            }
        }
    }
    Meter::end(meter)
}
