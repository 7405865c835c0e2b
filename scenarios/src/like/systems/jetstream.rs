use crate::like::table::{Difference, System, row};

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
    differences: &[
        Difference {
            what: "where the deliveries are at their limit",
            there: "the message stays in the stream, and an advisory is all that is told",
            here: "it is dead: dropped and counted, or a dead letter",
            tests: &["poison_is_dead_after_its_attempts_and_buried_before_it_is_done"],
        },
        Difference {
            what: "a late acknowledgement",
            there: "counts",
            here: "the same",
            tests: &["a_late_ack_of_the_previous_consumer_counts_as_the_settings_say"],
        },
        Difference {
            what: "what a consumer had that is gone",
            there: "comes when `ack_wait` is over",
            here: "the same",
            tests: &["what_one_who_is_gone_had_stays_until_its_time_is_over"],
        },
        Difference {
            what: "a message that is known again",
            there: "by its id, in the stream, for the window",
            here: "by its id, in its partition, for the window",
            tests: &["a_message_is_known_by_its_id_for_the_window_and_not_longer"],
        },
        Difference {
            what: "`max_ack_pending`",
            there: "is of all who pull",
            here: "is of each replica: `prefetch`",
            tests: &["no_more_is_delivered_than_there_is_credit_for"],
        },
        Difference {
            what: "who pulls",
            there: "gets nothing while it does not ask",
            here: "is given what there is until it is silent for 45 s",
            tests: &["what_one_has_who_is_silent_goes_to_the_others"],
        },
        Difference {
            what: "replicas",
            there: "Raft: a majority has what is confirmed, though not on its disk",
            here: "in-sync replicas: write `replicas` 3 and `min_insync` 2",
            tests: &["a_leader_that_is_cut_off_confirms_nothing"],
        },
        Difference {
            what: "what is dead as its last consumer has gone",
            there: "is buried by the next one who is there",
            here: "is buried at once",
            tests: &["what_dies_while_nobody_is_there_is_buried_by_the_next"],
        },
        Difference {
            what: "what is acknowledged just before the server is killed",
            there: "comes again: a consumer's state is written after the answer, ten times a second at most. What is drawn leaves it alone for that long",
            here: "is done",
            tests: &["what_is_acknowledged_just_before_a_kill_may_come_again"],
        },
        Difference {
            what: "what has rested, or whose time is over, as the request of one who is gone without a word is the only one, or as the only one ends",
            there: "is not there before its time is over, and the message that was delivered last comes as if it were new, even if it is done (2.9). The adapter lets no request end, takes leave, and has the server look for who is gone before it refuses anything",
            here: "is there again, and nothing else is",
            tests: &[
                "what_has_rested_while_but_one_who_is_gone_has_asked_brings_the_last_message_again",
            ],
        },
        Difference {
            what: "what is not durable",
            there: "a stream in memory is gone with the server, and so are its consumers",
            here: "the same of the embedded broker on a store in memory; in a scenario, a disk keeps what was synced",
            tests: &["in_memory_all_is_gone", "the_model_of_a_system_forgets_as_the_system_does"],
        },
        Difference {
            what: "what was compared",
            there: "the server 2.9 of Debian, which syncs every minute",
            here: "the histories, and those that are drawn",
            tests: &[
                "the_model_of_a_system_plays_what_the_system_plays",
                "what_is_drawn_goes_as_on_the_model",
            ],
        },
    ],
};
