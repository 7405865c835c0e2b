use crate::like::system::{System, row};

pub(in crate::like) const KAFKA: System = System {
    name: "Kafka",
    version: "4.0",
    broker: &[
        row(
            "flush",
            r#"{ "every": "30s" }"#,
            "`log.flush.interval.messages` and `.ms`: never; Linux writes what is older than `vm.dirty_expire_centisecs`, 30 s",
        ),
        row("replica_lag", r#""30s""#, "`replica.lag.time.max.ms` 30000"),
        row("unclean_election", "false", "`unclean.leader.election.enable` false"),
    ],
    topic: &[
        row("partitions", "1", "`num.partitions` 1"),
        row("replicas", "1", "`default.replication.factor` 1"),
        row("min_insync", "1", "`min.insync.replicas` 1"),
        row("keep", r#""log""#, "`cleanup.policy` delete"),
        row("retain_for", r#""7d""#, "`log.retention.hours` 168"),
        row("dedupe", r#""0s""#, "none: an id of a message means nothing to it"),
    ],
    publish: &[
        row("acks", r#""all""#, "`acks` all"),
        row("linger", r#""5ms""#, "`linger.ms` 5; 0 before 4.0"),
        row("in_flight", "5", "`max.in.flight.requests.per.connection` 5, which is of a node"),
        row("buffer_bytes", "33554432", "`buffer.memory` 32 MiB"),
        row("when_full", r#""block""#, "`max.block.ms` 60000"),
        row("request_timeout", r#""30s""#, "`request.timeout.ms` 30000"),
        row("delivery_timeout", r#""120s""#, "`delivery.timeout.ms` 120000"),
    ],
    consume: &[
        row(
            "share",
            r#"{ "partitions": "range" }"#,
            "`partition.assignment.strategy`: range, the first of its list",
        ),
        row("start", r#""latest""#, "`auto.offset.reset` latest"),
        row(
            "ack",
            r#"{ "auto": "5s" }"#,
            "`enable.auto.commit` true, `auto.commit.interval.ms` 5000",
        ),
        row("prefetch", "500", "`max.poll.records` 500"),
        row("at_once", "1", "a `KafkaConsumer` is of one thread"),
        row("session_timeout", r#""45s""#, "`session.timeout.ms` 45000"),
        row("heartbeat", r#""3s""#, "`heartbeat.interval.ms` 3000"),
        row("poll_interval", r#""5m""#, "`max.poll.interval.ms` 300000"),
        row(
            "ack_wait",
            r#""5m""#,
            "none of a single message, which stays with who has its partition",
        ),
        row("extend", "true", "the same"),
        row("attempts", r#""unlimited""#, "none: deliveries are not counted"),
        row("pause", r#""0s""#, "none"),
        row("order", r#""key""#, "none of a key: the partition waits"),
        row("late_ack", r#""fence""#, "`ILLEGAL_GENERATION`"),
    ],
    differences: &[],
};
