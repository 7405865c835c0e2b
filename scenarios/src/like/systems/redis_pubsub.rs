use crate::like::table::{Difference, System, row};

pub(in crate::like) const REDIS_PUBSUB: System = System {
    name: "Redis pub/sub",
    version: "7.0",
    broker: &[row("flush", r#"{ "every": "1d" }"#, "none: a channel is nowhere but in memory")],
    topic: &[
        row("partitions", "1", "a channel has one order"),
        row("replicas", "1", "replicas pass on what is published, and keep nothing"),
        row("min_insync", "1", "the same"),
        row("keep", r#""log""#, "nothing is kept"),
        row("retain_for", r#""1s""#, "nothing is kept: who is not there has missed it"),
        row("dedupe", r#""0s""#, "none"),
    ],
    publish: &[
        row("acks", r#""none""#, "`PUBLISH` answers to how many it was sent, and not who has it"),
        row("wait", "false", "the same"),
        row("idempotent", "false", "none"),
        row("linger", r#""0s""#, "none"),
        row("request_timeout", r#""500ms""#, "`response_timeout` of the client `redis` 1.8"),
        row("delivery_timeout", r#""500ms""#, "the same: it sends nothing again"),
    ],
    consume: &[
        row("share", r#""messages""#, "none: each connection is sent everything"),
        row("start", r#""latest""#, "`SUBSCRIBE`: what comes from then on"),
        row("ack", r#""before""#, "none: what is sent is done"),
        row("prefetch", r#""unlimited""#, "it is sent, whoever is slow"),
        row("extend", "false", "none"),
        row("attempts", r#""unlimited""#, "none: nothing comes again"),
        row("pause", r#""0s""#, "none"),
        row("order", r#""free""#, "none"),
        row("abandoned", r#""released""#, "none: what was on its way to who is gone is gone"),
    ],
    differences: &[
        Difference {
            what: "who is slow",
            there: "is disconnected when 32 MB wait for it at the server, or 8 MB for a minute (`client-output-buffer-limit`), and has lost them",
            here: "is given up when nothing has come through for 13 s, and has lost what was on its way",
            tests: &[
                "who_is_slow_is_disconnected_and_has_missed_the_rest",
                "what_is_on_its_way_to_a_subscriber_that_is_silent_is_lost",
            ],
        },
        Difference {
            what: "who was away",
            there: "has missed everything",
            here: "has what was published in the last second",
            tests: &["who_is_away_has_missed_what_was_published"],
        },
        Difference {
            what: "each replica of a subscriber",
            there: "is sent everything",
            here: "competes with the others of its service: give each a service of its own",
            tests: &["each_subscriber_gets_everything"],
        },
        Difference {
            what: "what was compared",
            there: "the server 7.0",
            here: "the histories of subscribers that are there",
            tests: &[
                "channels_play_what_is_at_most_once",
                "the_model_of_channels_plays_what_they_play",
            ],
        },
    ],
};
