//! What the adapter costs beside the client that it is made of: `.ci/live throughput`.

#![expect(clippy::print_stdout, reason = "it is what it is for")]

use std::sync::Arc;

use cascadia_brokers::live::rates::{BATCH, MESSAGES, PREFETCH, Rates, body, compare, through};
use cascadia_brokers::live::{Cost, Meter, port, run};
use cascadia_patterns::messaging::suite::Usual;
use cascadia_rabbitmq::{RabbitConfig, RabbitQueues};
use futures_util::StreamExt;
use lapin::options::{
    BasicAckOptions, BasicConsumeOptions, BasicPublishOptions, BasicQosOptions,
    ConfirmSelectOptions, ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions,
};
use lapin::types::{AMQPValue, FieldTable, LongString};
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties, ExchangeKind};

fn main() {
    let url = format!("amqp://guest:guest@127.0.0.1:{}/%2f", port("RABBITMQ"));
    let ours = |name: String| {
        let broker = RabbitQueues::new(&url, RabbitConfig::default());
        Box::pin(through(Arc::new(broker), Usual::rabbitmq(), name)) as _
    };
    let without = |name: String| Box::pin(bare(url.clone(), name)) as _;
    println!("{}", run(compare("RabbitMQ", Box::new(ours), Box::new(without))));
}

async fn bare(url: String, queue: String) -> Rates {
    let connection = Connection::connect(&url, ConnectionProperties::default()).await;
    let connection = connection.expect("a connection");
    let channel = connection.create_channel().await.expect("a channel");
    let confirms = ConfirmSelectOptions::default();
    channel.confirm_select(confirms).await.expect("it confirms");
    let mut arguments = FieldTable::default();
    let quorum = AMQPValue::LongString(LongString::from("quorum"));
    arguments.insert("x-queue-type".into(), quorum);
    let durable = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
    let made = channel.queue_declare(queue.as_str().into(), durable, arguments).await;
    made.expect("a queue");
    let durable = ExchangeDeclareOptions { durable: true, ..ExchangeDeclareOptions::default() };
    let (name, none) = (|| queue.as_str().into(), FieldTable::default);
    let made = channel.exchange_declare(name(), ExchangeKind::Fanout, durable, none()).await;
    made.expect("an exchange");
    let bound = channel.queue_bind(name(), name(), "".into(), QueueBindOptions::default(), none());
    bound.await.expect("it is bound");
    let published = publish(&channel, &queue).await;
    let other = connection.create_channel().await.expect("a channel");
    Rates { published, consumed: consume(&other, &queue).await }
}

async fn publish(channel: &Channel, queue: &str) -> Cost {
    let mut meter = None;
    let properties = BasicProperties::default().with_delivery_mode(2);
    for _ in 0..MESSAGES / BATCH {
        let mut confirms = Vec::with_capacity(BATCH);
        for _ in 0..BATCH {
            let options = BasicPublishOptions::default();
            let body = body();
            let sent =
                channel.basic_publish(queue.into(), "".into(), options, &body, properties.clone());
            confirms.push(sent.await.expect("it is sent"));
        }
        for confirm in confirms {
            confirm.await.expect("it is confirmed");
        }
        meter.get_or_insert_with(Meter::begin);
    }
    Meter::end(meter)
}

async fn consume(channel: &Channel, queue: &str) -> Cost {
    let credit = || channel.basic_qos(PREFETCH, BasicQosOptions::default());
    credit().await.expect("it has credit");
    let options = BasicConsumeOptions::default();
    let consumer = channel.basic_consume(queue.into(), "".into(), options, FieldTable::default());
    let mut consumer = consumer.await.expect("a consumer");
    let (mut count, mut meter) = (0, None);
    while count < MESSAGES {
        let delivery = consumer.next().await.expect("it goes on").expect("it comes");
        meter.get_or_insert_with(Meter::begin);
        count += 1;
        if count % BATCH == 0 {
            let all = BasicAckOptions { multiple: true };
            channel.basic_ack(delivery.delivery_tag, all).await.expect("it is told");
            // Nothing of this is answered; what is asked behind it is.
            credit().await.expect("it is heard");
        }
    }
    Meter::end(meter)
}
