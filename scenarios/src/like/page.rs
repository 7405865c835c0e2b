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
| JetStream | publish | 71295 | 74160 | 0.96 | 4.6 | 5.0 |
| JetStream | consume | 77351 | 50478 | 1.46 | 6.0 | 8.5 |
| RabbitMQ | publish | 11567 | 10796 | 1.07 | 28.5 | 26.5 |
| RabbitMQ | consume | 55345 | 55690 | 0.92 | 7.5 | 5.5 |
| Redis Streams | publish | 15243 | 13594 | 1.06 | 2.1 | 2.8 |
| Redis Streams | consume | 14140 | 14991 | 1.06 | 4.7 | 4.1 |
| Kafka's mock | publish | 16843 | 16547 | 1.01 | 3.6 | 3.1 |
| Kafka's mock | consume | 426949 | 242081 | 1.26 | 2.3 | 1.6 |

It was measured on two processors that others were at work on, too (a load of 4 to 8). On an idle machine it was measured
before the last changes only, with 0.83 of JetStream, 0.88 of RabbitMQ, 0.91 of Redis and 0.99 of Kafka published, and 1.18, 0.74, 0.77
and 0.72 consumed; it is to be measured there again. A batch of Redis goes through a script, which costs the server what the
client saves; the client of JetStream makes a subscription for each acknowledgement, and the adapter one for all; of Kafka, the
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
