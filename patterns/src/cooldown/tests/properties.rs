use std::collections::BTreeMap;

use cascadia_runtime::Time;
use proptest::prelude::*;

use super::*;

#[derive(Clone, Copy, Debug)]
enum Event {
    Pause(u64),
    Failure(u64),
}

fn events(keys: u64) -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![(0u64..60).prop_map(Event::Pause), (0..keys).prop_map(Event::Failure),];
    prop::collection::vec(event, 0..200)
}

/// Feeds events to a core, and has it looked at after each.
fn played(
    config: CooldownConfig,
    events: &[Event],
    mut look: impl FnMut(&Cooldown, Time, Option<u64>),
) {
    let (mut core, mut now) = (Cooldown::keyed(config), Time::ZERO);
    for event in events {
        let failed = match *event {
            Event::Pause(pause) => {
                now += ms(pause);
                None
            }
            Event::Failure(key) => {
                core.on_failure(now, key);
                Some(key)
            }
        };
        look(&core, now, failed);
    }
}

/// By the definition: every pause that there is, and the one that ends first goes.
#[derive(Default)]
struct Reference(BTreeMap<u64, Time>);

impl Reference {
    fn look(&mut self, config: CooldownConfig, now: Time, failed: Option<u64>) {
        self.0.retain(|_, until| *until > now);
        let Some(failed) = failed else { return };
        self.0.insert(failed, now + config.pause);
        if self.0.len() > config.max_keys as usize {
            let others = self.0.iter().filter(|(key, _)| **key != failed);
            let first = others.min_by_key(|(key, until)| (**until, **key)).map(|(key, _)| *key);
            self.0.remove(&first.unwrap_or(failed));
        }
    }
}

proptest! {
    #[test]
    fn a_call_is_refused_if_and_only_if_its_key_failed_less_than_a_pause_ago(
        events in events(8),
    ) {
        let mut failures = Vec::new();
        played(config(), &events, |core, now, failed| {
            failures.extend(failed.map(|key| (now, key)));
            for key in 0..8 {
                let last = failures.iter().rev().find(|(_, other)| *other == key);
                let until = last.map(|(failed, _)| *failed + ms(100)).filter(|until| now < *until);
                let left = core.on_call(now, key).err().map(|refused| refused.retry_after);
                assert_eq!(left, until.map(|until| Some(until.since(now))));
            }
        });
    }

    #[test]
    fn with_more_keys_than_are_kept_it_is_the_reference(
        events in events(8),
        max_keys in 2u32..8,
    ) {
        let config = CooldownConfig { max_keys, ..config() };
        let mut reference = Reference::default();
        played(config, &events, |core, now, failed| {
            reference.look(config, now, failed);
            let rests = (0..8).filter_map(|key| core.until(now, key).map(|until| (key, until)));
            assert_eq!(rests.collect::<BTreeMap<_, _>>(), reference.0);
            assert_eq!(core.resting(now), reference.0.len());
        });
    }
}
