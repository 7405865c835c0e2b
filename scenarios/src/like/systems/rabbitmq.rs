use crate::like::system::{System, row};

pub(in crate::like) const RABBITMQ: System = System {
    name: "RabbitMQ",
    version: "3.10",
    broker: &[row(
        "flush",
        r#""always""#,
        "a persistent message is confirmed when the message store has synced it",
    )],
    topic: &[
        row("partitions", "1", "a queue has one order"),
        row("replicas", "1", "`x-queue-type` classic; a quorum queue has up to 3"),
        row("min_insync", "1", "classic; of a quorum queue the majority"),
        row("keep", r#""unsettled""#, "a queue: what is acknowledged is gone"),
        row("retain_for", r#""unlimited""#, "`x-message-ttl`: none"),
        row("dedupe", r#""0s""#, "none: a `message-id` means nothing to it"),
        row(
            "overflow",
            r#""drop_head""#,
            "`x-overflow` drop-head, where there is an `x-max-length`",
        ),
    ],
    publish: &[
        row("acks", r#""none""#, "a channel is not in confirm mode before `confirm.select`"),
        row("wait", "false", "the same"),
        row("idempotent", "false", "none"),
        row("linger", r#""0s""#, "none"),
        row("when_full", r#""block""#, "the connection pushes back"),
    ],
    consume: &[
        row("share", r#""messages""#, "consumers of a queue compete"),
        row("start", r#""earliest""#, "a queue keeps what comes while nobody consumes"),
        row("ack", r#""after""#, "`no-ack` false"),
        row("prefetch", r#""unlimited""#, "`basic.qos` 0"),
        row("ack_wait", r#""30m""#, "`consumer_timeout` 1800000"),
        row("extend", "false", "none"),
        row(
            "attempts",
            r#""unlimited""#,
            "`x-delivery-limit`: none; 20 of quorum queues since 4.0",
        ),
        row("pause", r#""0s""#, "none: what is refused is back near the head at once"),
        row("order", r#""free""#, "none"),
        row("late_ack", r#""fence""#, "the channel was closed"),
        row("abandoned", r#""released""#, "when the channel closes"),
    ],
    differences: &[],
};
