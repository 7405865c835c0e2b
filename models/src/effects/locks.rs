use std::collections::BTreeMap;

use cascadia_patterns::saga::SagaId;
use cascadia_runtime::Time;
use cascadia_sim_core::Local;

/// What sagas have locked at a service, as its store has it.
#[derive(Default)]
pub(crate) struct Locks(Local<BTreeMap<String, (SagaId, Time)>>);

impl Locks {
    /// A target is locked from now on, or is no more.
    pub(crate) fn changed(&self, target: String, holder: Option<SagaId>, now: Time) {
        let locks = &mut *self.0.borrow_mut();
        match holder {
            None => drop(locks.remove(&target)),
            Some(holder) if locks.get(&target).is_some_and(|(known, _)| *known == holder) => {}
            Some(holder) => drop(locks.insert(target, (holder, now))),
        }
    }

    /// Whether a saga has locked a target.
    pub(crate) fn holds(&self, saga: &SagaId, target: &str) -> bool {
        self.0.borrow_mut().get(target).is_some_and(|(holder, _)| holder == saga)
    }

    /// All that is locked: by whom, and since when.
    pub(crate) fn all(&self) -> Vec<(SagaId, Time)> {
        self.0.borrow_mut().values().cloned().collect()
    }

    /// How many targets a saga has locked.
    pub(crate) fn of(&self, saga: &SagaId) -> usize {
        self.0.borrow_mut().values().filter(|(holder, _)| holder == saga).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_as_old_as_its_holder_has_it() {
        let (locks, at) = (Locks::default(), Time::from_nanos);
        let hold = |saga: &str, now| locks.changed("a".into(), Some(saga.into()), at(now));
        hold("7", 1);
        hold("7", 2);
        assert_eq!(locks.all(), [("7".into(), at(1))]);
        hold("8", 3);
        assert_eq!(locks.all(), [("8".into(), at(3))]);
        assert!(locks.holds(&"8".into(), "a") && locks.of(&"7".into()) == 0);
        locks.changed("a".into(), None, at(4));
        assert!(locks.all().is_empty());
    }
}
