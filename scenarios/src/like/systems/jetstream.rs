use crate::like::system::{System, row};

pub(in crate::like) const JETSTREAM: System = System {
    name: "NATS JetStream",
    version: "2.10",
    broker: &[row("flush", r#"{ "every": "2m" }"#, "`sync_interval` 2 min; 1 min before 2.10")],
    topic: &[
        row("partitions", "1", "a stream has one order"),
        row("replicas", "1", "`num_replicas` 1"),
        row("min_insync", "1", "of one replica; of more the majority"),
        row("keep", r#""log""#, "`retention` limits"),
        row("retain_for", r#""unlimited""#, "`max_age` 0"),
        row("dedupe", r#""2m""#, "`duplicate_window` 2 min, by `Nats-Msg-Id`"),
        row("overflow", r#""drop_head""#, "`discard` old, where there is a limit"),
    ],
    publish: &[
        row("acks", r#""all""#, "`PubAck`"),
        row("idempotent", "false", "none"),
        row("linger", r#""0s""#, "none"),
        row("request_timeout", r#""5s""#, "`timeout` of the client `async-nats` 0.51"),
        row("delivery_timeout", r#""5s""#, "the same: it sends nothing again"),
    ],
    consume: &[
        row("share", r#""messages""#, "those who pull from a consumer compete"),
        row("start", r#""earliest""#, "`deliver_policy` all"),
        row("ack", r#""after""#, "`ack_policy` explicit"),
        row(
            "prefetch",
            "1000",
            "`max_ack_pending` 1000, which is of all together; 20000 before 2.8",
        ),
        row("ack_wait", r#""30s""#, "`ack_wait` 30 s"),
        row("extend", "false", "`+WPI` is the handler's to send"),
        row("attempts", r#""unlimited""#, "`max_deliver` -1"),
        row("pause", r#""0s""#, "`-NAK` without a delay, no `backoff`"),
        row("order", r#""free""#, "none"),
        row("late_ack", r#""accept""#, "what is acknowledged is done, whoever says it"),
        row("abandoned", r#""kept""#, "a consumer does not know who pulls: `ack_wait` decides"),
    ],
    differences: &[],
};
