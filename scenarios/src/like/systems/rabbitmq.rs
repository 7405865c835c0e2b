use crate::like::table::{Difference, System, row};

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
    differences: &[
        Difference {
            what: "a limit of n deliveries",
            there: "n + 1 deliveries",
            here: "n",
            tests: &["poison_is_dead_after_its_attempts_and_buried_before_it_is_done"],
        },
        Difference {
            what: "what is refused",
            there: "is back near the head; in a quorum queue without a delivery limit behind all that is there",
            here: "is back near the head",
            tests: &[
                "what_is_refused_is_before_what_came_after_it",
                "without_a_limit_what_is_refused_is_behind_what_came_after_it",
            ],
        },
        Difference {
            what: "what is not acknowledged in time",
            there: "its channel is closed, and all it had comes back",
            here: "that message comes back",
            tests: &["what_is_not_settled_in_time_is_delivered_again"],
        },
        Difference {
            what: "a consumer that is silent",
            there: "is gone when two heartbeats are missing, 60 s",
            here: "is gone when its connection is given up, 13 s after something was sent in vain, or after 45 s",
            tests: &["what_one_has_who_is_silent_goes_to_the_others"],
        },
        Difference {
            what: "dead letters",
            there: "are published without a confirm, at most once",
            here: "are durable before the message is gone",
            tests: &[
                "poison_is_dead_after_its_attempts_and_buried_before_it_is_done",
                "a_message_that_cannot_be_buried_is_not_done",
            ],
        },
        Difference {
            what: "a full queue",
            there: "`reject-publish` is told by a nack, drop-head to nobody",
            here: "the same, and it is counted",
            tests: &["a_full_topic_does_as_it_was_told"],
        },
        Difference {
            what: "expiry",
            there: "is buried when it is at the head of its queue, whoever is there",
            here: "when it would be delivered",
            tests: &[
                "what_nobody_wants_any_more_is_dead_and_not_delivered",
                "what_is_worthless_is_buried_while_nobody_is_there",
            ],
        },
        Difference {
            what: "exchanges, bindings, returns",
            there: "there are",
            here: "there are none: a topic is a queue of each group",
            tests: &["each_group_has_a_place_of_its_own"],
        },
        Difference {
            what: "alarms of memory and disk",
            there: "block all publishers",
            here: "a disk that is full refuses",
            tests: &["a_broker_whose_disk_is_full_refuses_what_comes"],
        },
        Difference {
            what: "a quorum queue",
            there: "Raft: a majority has what is confirmed",
            here: "in-sync replicas: write `replicas` 3 and `min_insync` 2",
            tests: &["a_leader_that_is_cut_off_confirms_nothing"],
        },
        Difference {
            what: "where one has died at its limit",
            there: "one more is sent than the prefetch allows, and is before what is refused next",
            here: "no more than `prefetch`",
            tests: &["after_a_death_one_more_is_on_its_way"],
        },
        Difference {
            what: "a queue that is killed as soon as it is made",
            there: "has no leader when its server is back, and confirms nothing (3.10, up to half a second)",
            here: "is there",
            tests: &["a_queue_that_is_killed_as_soon_as_it_is_made_confirms_nothing"],
        },
        Difference {
            what: "whose connection is cut",
            there: "may be sent more until that is known, which counts as a delivery",
            here: "is sent nothing",
            tests: &["whose_connection_is_dead_is_sent_what_comes_until_that_is_known"],
        },
        Difference {
            what: "what is not durable",
            there: "a queue that is not durable is gone with the server, and so is its exchange",
            here: "the same of the embedded broker on a store in memory; in a scenario, a disk keeps what was synced",
            tests: &[
                "in_a_transient_queue_all_is_gone",
                "the_model_of_a_system_forgets_as_the_system_does",
            ],
        },
        Difference {
            what: "what was compared",
            there: "quorum queues of 3.10",
            here: "the histories, and those that are drawn",
            tests: &[
                "the_model_of_a_system_plays_what_the_system_plays",
                "what_is_drawn_goes_as_on_the_model",
            ],
        },
    ],
};
