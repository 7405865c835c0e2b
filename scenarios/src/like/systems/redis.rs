use crate::like::table::{Difference, System, row};

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
    differences: &[
        Difference {
            what: "what a consumer had that is gone",
            there: "is pending for ever, unless somebody claims it (`XAUTOCLAIM` with an idle time, which has no default)",
            here: "comes when `ack_wait` is over, 30 s where nothing is said",
            tests: &["what_one_who_is_gone_had_stays_until_its_time_is_over"],
        },
        Difference {
            what: "durability",
            there: "`appendonly no`, the default, loses all since the last snapshot, which may be an hour ago",
            here: "`flush`: what came since the last sync",
            tests: &["a_broker_that_syncs_too_late_is_found_out"],
        },
        Difference {
            what: "replicas",
            there: "are behind, and a failover loses what they have not; `WAIT` is no consensus",
            here: "in-sync replicas, where `replicas` is written",
            tests: &[
                "who_falls_behind_is_put_out_and_comes_back",
                "another_leads_when_a_leader_dies",
            ],
        },
        Difference {
            what: "where a new group begins",
            there: "`XGROUP CREATE` has to be told",
            here: "`start`: earliest",
            tests: &["a_group_begins_where_it_wants"],
        },
        Difference {
            what: "attempts, dead letters",
            there: "are counted, and nobody looks",
            here: "only where `attempts` is written",
            tests: &["poison_is_dead_after_its_attempts_and_buried_before_it_is_done"],
        },
        Difference {
            what: "who leaves",
            there: "is sent what comes until its request is over, 20 to 100 ms by the adapter, which counts as a delivery",
            here: "is sent nothing",
            tests: &["who_leaves_is_sent_what_comes_until_its_request_is_over"],
        },
        Difference {
            what: "what is dead as its last consumer has gone",
            there: "is buried by the next one who is there",
            here: "is buried at once",
            tests: &["what_dies_while_nobody_is_there_is_buried_by_the_next"],
        },
        Difference {
            what: "what is not durable",
            there: "without `appendonly`, all is gone with the server",
            here: "the same of the embedded broker on a store in memory; in a scenario, a disk keeps what was synced",
            tests: &[
                "without_a_file_all_is_gone",
                "the_model_of_a_system_forgets_as_the_system_does",
            ],
        },
        Difference {
            what: "what was compared",
            there: "the server 7.0, with `appendfsync always`",
            here: "the histories, and those that are drawn",
            tests: &[
                "the_model_of_a_system_plays_what_the_system_plays",
                "what_is_drawn_goes_as_on_the_model",
            ],
        },
    ],
};
