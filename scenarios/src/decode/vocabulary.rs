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

/// What things are called elsewhere, and here.
const ELSEWHERE: &[(&str, &str)] = &[
    ("balancer", "balance"),
    ("circuit_breaker", "breaker"),
    ("circuitbreaker", "breaker"),
    ("clock_skew", "clock"),
    ("concurrency", "workers"),
    ("delay", "latency"),
    ("duration", "for"),
    ("exponential", "exp"),
    ("gaussian", "abs_normal"),
    ("hedging", "hedge"),
    ("instances", "replicas"),
    ("kill", "crash"),
    ("load_balancer", "balance"),
    ("load_balancing", "balance"),
    ("load_shedding", "shed"),
    ("max_attempts", "attempts"),
    ("normal", "abs_normal"),
    ("outlier_detection", "outlier"),
    ("rate_limiter", "rate_limit"),
    ("ratelimit", "rate_limit"),
    ("retries", "retry"),
    ("start", "at"),
    ("threads", "workers"),
];

/// Whether a word is of what is not supported, and what may stand for that.
pub(super) fn not_yet(word: &str) -> Option<Option<&'static str>> {
    NOT_YET.iter().find(|(known, _)| *known == word).map(|(_, help)| *help)
}

/// What a word of elsewhere is called here, if that is known in this place.
pub(super) fn called_here<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let word = word.to_lowercase().replace('-', "_");
    let (_, here) = ELSEWHERE.iter().find(|(elsewhere, _)| *elsewhere == word)?;
    known.iter().copied().find(|known| known == here)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_sorted_and_each_is_told_one_thing() {
        assert!(NOT_YET.is_sorted_by(|a, b| a.0 < b.0));
        assert!(ELSEWHERE.is_sorted_by(|a, b| a.0 < b.0));
        assert!(ELSEWHERE.iter().all(|(word, _)| not_yet(word).is_none()));
    }
}
