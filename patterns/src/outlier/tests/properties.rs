use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::testing::ms;

#[derive(Clone, Copy, Debug)]
enum Event {
    Pause(u64),
    Call,
    Outcome(usize, Sign, u32),
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let sign = prop_oneof![
        2 => Just(Sign::Success),
        3 => Just(Sign::Error),
        1 => Just(Sign::GatewayError),
        1 => Just(Sign::NoAnswer),
    ];
    let event = prop_oneof![
        2 => (0u64..20_000).prop_map(Event::Pause),
        1 => Just(Event::Call),
        6 => (0usize..6, sign, 1u32..8).prop_map(|(host, sign, n)| Event::Outcome(host, sign, n)),
    ];
    prop::collection::vec(event, 0..200)
}

fn configs() -> impl Strategy<Value = OutlierConfig> {
    let volume = SuccessRate { request_volume: 3, ..SuccessRate::default() };
    let failed = FailurePercentage { request_volume: 3, ..FailurePercentage::default() };
    let share = 0.05f64..1.0;
    prop_oneof![
        (share.clone(), any::<bool>(), any::<bool>()).prop_map(move |(share, one, split)| {
            OutlierConfig::Envoy(EnvoyConfig {
                max_ejection_percent: share,
                always_eject_one: one,
                split_local_errors: split,
                success_rate: volume,
                failure_percentage: failed,
                max_ejection_time_jitter: Duration::from_secs(5),
                ..EnvoyConfig::default()
            })
        }),
        share.prop_map(move |share| {
            OutlierConfig::Grpc(GrpcConfig {
                max_ejection_percent: share,
                success_rate: Some(volume),
                failure_percentage: Some(failed),
                ..GrpcConfig::default()
            })
        }),
    ]
}

proptest! {
    #[test]
    fn no_history_ejects_too_many_or_for_too_long(config in configs(), events in events()) {
        let mut bench = Bench::new(config, 6);
        let (mut now, mut since) = (Time::ZERO, [None; 6]);
        for event in events {
            match event {
                Event::Pause(pause) => now += ms(pause),
                Event::Call => drop(bench.at(now)),
                Event::Outcome(host, sign, count) => bench.outcomes(now, host, sign, count),
            }
            for change in bench.changes() {
                match change {
                    Change::Ejected { endpoint, .. } => {
                        prop_assert_eq!(since[endpoint.number() as usize], None);
                        since[endpoint.number() as usize] = Some(now);
                    }
                    Change::Restored { endpoint } => {
                        prop_assert!(since[endpoint.number() as usize].take().is_some());
                    }
                    Change::Forgotten { .. } => prop_assert!(false, "nobody leaves"),
                    Change::Denied { endpoint } => prop_assert_eq!(since[endpoint.number() as usize], None),
                }
            }
            let active = since.iter().flatten().count();
            prop_assert_eq!(active, bench.core.active());
            let share = active as f64 / 6.0;
            match config {
                OutlierConfig::Envoy(rules) => prop_assert!(
                    share <= rules.max_ejection_percent || rules.always_eject_one && active == 1
                ),
                OutlierConfig::Grpc(rules) => {
                    prop_assert!(share < rules.max_ejection_percent + 1.0 / 6.0);
                }
            }
            prop_assert!(bench.core.next_sweep() > now || matches!(event, Event::Pause(_)));
            let longest = Duration::from_secs(300 + 5 + 10 + 20);
            let overdue = since.iter().flatten().any(|since| now.since(*since) > longest);
            prop_assert!(!overdue || matches!(event, Event::Pause(_)));
        }
    }
}
