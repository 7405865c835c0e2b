use std::fmt::Write as _;

use super::system::Like;
use super::table::{Difference, Row, System};
use crate::decode::Decode as _;

const HEAD: &str = "# Brokers like real ones

What becomes of a message is decided by some thirty settings, at the broker, at who publishes and at who consumes. Of a
real system few of them are written down by those who use it; the others have their defaults, and most of what is lost
or done twice is so by a default that nobody chose. With `\"bus\": { \"like\": \"kafka\", … }` a broker has those of Kafka,
and with it its topics, the steps that publish to them and the services that consume them. What the file says of any of them goes
before. Errors are told of a default as of what is written, at the place of `like`.

A default is of the version in the title, unless it says otherwise. Where a client has a say, it is the one that is named.

This page is generated from the tables that are put into a file: `CASCADIA_UPDATE=1 cargo test -p cascadia-scenarios`
writes it anew.
";

const FOOT: &str = "
## What the adapters cost

`.ci/live throughput` publishes 10,000 messages of
256 bytes in batches of 100 and consumes them, 500 in flight and acknowledged by the hundred, through each adapter and through the
client that it is made of: in turn, 11 times, with the same settings. The ratio is the median of those of the rounds.

| client | | messages a second | bare | ratio | µs of processor a message | bare |
|---|---|---|---|---|---|---|
| JetStream | publish | 127605 | 138380 | 0.92 | 3.4 | 3.5 |
| JetStream | consume | 103676 | 83311 | 1.17 | 5.3 | 5.9 |
| RabbitMQ | publish | 19656 | 18711 | 1.00 | 27.1 | 27.2 |
| RabbitMQ | consume | 87077 | 93118 | 0.97 | 7.0 | 6.4 |
| Redis Streams | publish | 139186 | 148357 | 0.96 | 1.8 | 1.5 |
| Redis Streams | consume | 114995 | 107921 | 1.07 | 3.0 | 3.4 |
| Kafka's mock | publish | 18189 | 18310 | 1.00 | 4.5 | 4.0 |
| Kafka's mock | consume | 379372 | 455845 | 0.79 | 3.3 | 2.0 |

It was measured on two idle processors, RabbitMQ in 41 rounds; two runs of 11 differ by up to a tenth. To consume from Kafka costs more
than by the client alone, as that blocks the thread of whoever commits until the cluster has answered, and the adapter has another
thread do so: 0.1 ms more for each hundred messages. The
client of JetStream makes a subscription for each acknowledgement, and the adapter one for all; of Kafka, the
mock keeps so little that all of it is in the client when the first message comes, so that this is what a message costs to copy.
";

/// The page of the systems that a broker may be like, in Markdown.
pub fn brokers() -> String {
    let mut page = HEAD.to_owned();
    for like in Like::ALL {
        let word = Like::show(&like).unwrap_or_default();
        let System { name, version, broker, topic, publish, consume, differences } = like.system();
        add(&mut page, format_args!("\n## {name} {version}: `\"like\": \"{word}\"`\n"));
        table(&mut page, "broker", broker);
        table(&mut page, "topic", topic);
        table(&mut page, "publish", publish);
        table(&mut page, "consume", consume);
        differ(&mut page, name, differences);
    }
    page + FOOT
}

fn table(page: &mut String, of: &str, rows: &[Row]) {
    add(page, format_args!("\n| {of} | default | from |\n|---|---|---|\n"));
    for Row { key, value, from } in rows {
        add(page, format_args!("| `{key}` | `{value}` | {from} |\n"));
    }
}

fn differ(page: &mut String, name: &str, differences: &[Difference]) {
    add(
        page,
        format_args!("\n| beside the settings | {name} | here | test |\n|---|---|---|---|\n"),
    );
    for Difference { what, there, here, tests } in differences {
        let tests: Vec<_> = tests.iter().map(|test| format!("`{test}`")).collect();
        add(page, format_args!("| {what} | {there} | {here} | {} |\n", tests.join(", ")));
    }
}

fn add(page: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string does not fail.
    let _ = page.write_fmt(text);
}
