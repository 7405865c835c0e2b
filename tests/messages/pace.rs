//! How fast consumers are, whatever their settings.

use cascadia::Scenario;
use proptest::prelude::*;

/// 400 messages a second, for consumers that can do ten times as many.
const NEWS: &str = r#"{
  "version": 1, "name": "news", "run": { "duration": "30s" },
  "services": {
    "desk": { "workers": "unlimited", "endpoints": { "tell": [ { "publish": "bus.news", "keyed": KEYED } ] } },
    "reader": { "replicas": REPLICAS, "workers": 8, "consume": { "bus.news": {
      "share": SHARE, "ack": ACK, "prefetch": PREFETCH, "order": "ORDER", "do": [ { "compute": "1ms" } ]
    } } }
  },
  "brokers": { "bus": { "places": PLACES, "disk": { "sync": "200us" }, "topics": { "news": { "partitions": PARTITIONS } } } },
  "links": { "default": { "latency": "500us" } },
  "load": { "users": { "target": "desk", "open": { "poisson": "400/s" }, "until": "25s", "keys": { "uniform": { "of": 1000 } } } }
}"#;

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// However seldom it is acknowledged, wherever the partitions are: what only waits for that takes no room.
    #[test]
    fn who_acknowledges_seldom_is_not_slowed_down_and_has_no_more_in_hand(
        (places, partitions, replicas) in (1..5_u32, 1..9_u32, 1..4_u32),
        (share, auto, prefetch) in (0..4_usize, 1..9_u32, 30..200_u32),
        keyed: bool,
    ) {
        let share = [r#""messages""#, "range", "cooperative", "round_robin"].map(|share| match share {
            r#""messages""# => share.to_owned(),
            _ => format!(r#"{{ "partitions": "{share}" }}"#),
        })[share].clone();
        let file = NEWS
            .replace("KEYED", if keyed { "true" } else { "false" })
            .replace("REPLICAS", &replicas.to_string())
            .replace("SHARE", &share)
            .replace("ACK", &format!(r#"{{ "auto": "{auto}s" }}"#))
            .replace("PREFETCH", &prefetch.to_string())
            .replace("ORDER", if share.contains("partitions") { "key" } else { "free" })
            .replace("PLACES", &places.to_string())
            .replace("PARTITIONS", &partitions.to_string());
        let run = Scenario::parse("news", &file).unwrap().run(1).unwrap();
        let levels = &run.result().series.components["bus.news reader"].levels;
        prop_assert_eq!(levels["lag"].last(), Some(&0), "{}\n{}", file, run);
        let in_hand = levels["in_flight"].iter().max().copied();
        prop_assert!(in_hand <= Some(u64::from(replicas * (prefetch + places))), "{}\n{}", file, run);
    }
}
