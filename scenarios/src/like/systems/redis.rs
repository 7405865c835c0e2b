use crate::like::system::{System, row};

pub(in crate::like) const REDIS: System = System {
    name: "Redis Streams",
    version: "7.0",
    broker: &[row(
        "flush",
        r#"{ "every": "1s" }"#,
        "`appendfsync` everysec, with `appendonly yes`, which is not the default",
    )],
    topic: &[
        row("partitions", "1", "a stream has one order"),
        row("replicas", "1", "replicas are behind, and nobody waits for them without `WAIT`"),
        row("min_insync", "1", "`min-replicas-to-write` 0"),
        row("keep", r#""log""#, "`XACK` deletes nothing"),
        row("retain_for", r#""unlimited""#, "no `MAXLEN`, no `MINID`"),
        row("dedupe", r#""0s""#, "none"),
    ],
    publish: &[
        row("acks", r#""leader""#, "the answer to `XADD`"),
        row("idempotent", "false", "none"),
        row("linger", r#""0s""#, "none"),
        row("request_timeout", r#""500ms""#, "`response_timeout` of the client `redis` 1.8"),
        row("delivery_timeout", r#""500ms""#, "the same: it sends nothing again"),
    ],
    consume: &[
        row("share", r#""messages""#, "consumers of a group compete"),
        row("ack", r#""after""#, "no `NOACK`"),
        row("prefetch", r#""unlimited""#, "no `COUNT`"),
        row("extend", "false", "none"),
        row("attempts", r#""unlimited""#, "none: `XPENDING` counts, and nobody looks"),
        row("pause", r#""0s""#, "none"),
        row("order", r#""free""#, "none"),
        row("late_ack", r#""accept""#, "`XACK` is of whoever says it"),
        row("abandoned", r#""kept""#, "pending, until somebody claims what is idle for long"),
    ],
    differences: &[],
};
