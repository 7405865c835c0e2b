//! Words that are not of the language: what others call things, and what there is not yet.

/// What is not supported, and what may stand for it. Whoever writes it is told so, and not that it is misspelt.
const NOT_YET: &[(&str, Option<&str>)] = &[
    ("autoscale", SCALED),
    ("autoscaler", SCALED),
    ("autoscaling", SCALED),
    ("bandwidth", Some("a `latency` may stand for it")),
    ("cache", CACHED),
    ("caches", CACHED),
    ("connection_pool", POOLED),
    ("connections", POOLED),
    ("corrupt", None),
    ("discovery", None),
    ("drop", Some("`loss` says which share of messages is lost")),
    ("load_profile", RAMPED),
    ("max_connections", POOLED),
    ("pause", Some("it may be `slow`, with \"mode\": \"rate\" and a great factor")),
    ("pool", POOLED),
    ("pools", POOLED),
    ("processor_sharing", None),
    ("profile", RAMPED),
    ("ramp", RAMPED),
    ("service_discovery", None),
    ("stages", RAMPED),
];

const CACHED: Option<&str> = Some("a `chance` step does something for those requests that miss");
const POOLED: Option<&str> = Some("a `bulkhead` bounds the calls that are under way");
const RAMPED: Option<&str> = Some("several loads with `from` and `until` make steps of a load");
const SCALED: Option<&str> = Some("a `scale` fault changes the number of replicas at a time");

/// What things are called elsewhere, and here: in one place this, and in another one that.
const ELSEWHERE: &[(&str, &str)] = &[
    ("ack_timeout", "ack_wait"),
    ("action", "call"),
    ("auto_offset_reset", "start"),
    ("backoff", "pause"),
    ("balancer", "balance"),
    ("brokers", "places"),
    ("circuit_breaker", "breaker"),
    ("circuitbreaker", "breaker"),
    ("clock_skew", "clock"),
    ("compensate", "undo"),
    ("compensation", "undo"),
    ("concurrency", "at_once"),
    ("concurrency", "workers"),
    ("consumer_group", "group"),
    ("dead_letter_queue", "dead_letter"),
    ("dead_letter_topic", "dead_letter"),
    ("delay", "latency"),
    ("delivery_limit", "attempts"),
    ("dlq", "dead_letter"),
    ("duration", "for"),
    ("exponential", "exp"),
    ("gaussian", "abs_normal"),
    ("handler", "do"),
    ("hedging", "hedge"),
    ("instances", "places"),
    ("instances", "replicas"),
    ("kill", "crash"),
    ("load_balancer", "balance"),
    ("load_balancing", "balance"),
    ("load_shedding", "shed"),
    ("max_ack_pending", "prefetch"),
    ("max_attempts", "attempts"),
    ("max_deliver", "attempts"),
    ("max_deliveries", "attempts"),
    ("max_in_flight", "in_flight"),
    ("max_in_flight", "prefetch"),
    ("max_length", "bound"),
    ("max_poll_interval", "poll_interval"),
    ("max_poll_records", "prefetch"),
    ("min_insync_replicas", "min_insync"),
    ("nodes", "places"),
    ("normal", "abs_normal"),
    ("orchestrators", "places"),
    ("outlier_detection", "outlier"),
    ("qos", "prefetch"),
    ("rate_limiter", "rate_limit"),
    ("ratelimit", "rate_limit"),
    ("replicas", "places"),
    ("replication", "replicas"),
    ("replication_factor", "replicas"),
    ("retention", "retain_for"),
    ("retries", "attempts"),
    ("retries", "retry"),
    ("retry_delay", "pause"),
    ("start", "at"),
    ("steps", "do"),
    ("threads", "workers"),
    ("ttl", "time_to_live"),
    ("visibility_timeout", "ack_wait"),
];

/// Whether a word is of what is not supported, and what may stand for that.
pub(super) fn not_yet(word: &str) -> Option<Option<&'static str>> {
    NOT_YET.iter().find(|(known, _)| *known == word).map(|(_, help)| *help)
}

/// What a word of elsewhere is called here, if that is known in this place.
pub(super) fn called_here<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let word = word.to_lowercase().replace(['-', '.'], "_");
    let mut meant = ELSEWHERE.iter().filter(|(elsewhere, _)| *elsewhere == word);
    meant.find_map(|(_, here)| known.iter().copied().find(|known| known == here))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_sorted_and_each_is_told_one_thing() {
        assert!(NOT_YET.is_sorted_by(|a, b| a.0 < b.0));
        assert!(ELSEWHERE.is_sorted_by(|a, b| a < b));
        assert!(ELSEWHERE.iter().all(|(word, _)| not_yet(word).is_none()));
    }

    #[test]
    fn what_is_told_is_of_the_language() {
        let schema = include_str!("../../scenario.schema.json");
        let is_known = |here: &str| schema.contains(&format!("\"{here}\":"));
        let strange: Vec<_> = ELSEWHERE.iter().filter(|(_, here)| !is_known(here)).collect();
        assert!(strange.is_empty(), "{strange:?}");
    }

    #[test]
    fn a_word_is_called_as_its_place_calls_it() {
        assert_eq!(called_here("replicas", &["places", "disk"]), Some("places"));
        assert_eq!(called_here("concurrency", &["at_once", "prefetch"]), Some("at_once"));
        assert_eq!(called_here("concurrency", &["workers", "queue"]), Some("workers"));
        assert_eq!(called_here("max.poll.records", &["prefetch"]), Some("prefetch"));
        assert_eq!(called_here("nodes", &["workers"]), None);
    }
}
