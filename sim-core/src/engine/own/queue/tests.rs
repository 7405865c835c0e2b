use cascadia_runtime::Time;
use proptest::prelude::*;

use super::{Class, Queue, TimerKey};

#[derive(Clone, Debug)]
enum Step {
    /// Arms a timer so far after the latest that fired.
    Arm(u64, Class),
    /// Cancels one of those armed.
    Cancel(prop::sample::Index),
    /// Cancels the one armed last, or so many before.
    Undo(usize),
    /// Pops what fires up to so far after the latest that fired.
    Pop(u64),
}

fn class() -> impl Strategy<Value = Class> {
    prop_oneof![3 => Just(Class::Event), 1 => Just(Class::Deadline)]
}

/// Waits of every size, many of them equal.
fn wait() -> impl Strategy<Value = u64> {
    prop_oneof![
        3 => 0..4u64,
        3 => 0..200u64,
        2 => prop::sample::select(vec![1_000_000, 30_000_000_000, u64::MAX >> 2]),
        2 => (0..62u32, 0..8u64).prop_map(|(digits, low)| (1 << digits) + low),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (wait(), class()).prop_map(|(wait, class)| Step::Arm(wait, class)),
        2 => any::<prop::sample::Index>().prop_map(Step::Cancel),
        2 => (0..3usize).prop_map(Step::Undo),
        3 => wait().prop_map(Step::Pop),
    ]
}

/// A list that is sorted before each look.
#[derive(Default)]
struct Reference {
    armed: Vec<((u64, Class, usize), TimerKey)>,
    gone: Vec<TimerKey>,
    now: u64,
}

impl Reference {
    fn cancel(&mut self, index: usize) -> TimerKey {
        let (_, key) = self.armed.remove(index);
        self.gone.push(key);
        key
    }

    fn pop(&mut self, limit: u64) -> Option<(u64, usize)> {
        self.armed.sort_by_key(|(order, _)| *order);
        let ((at, _, number), _) = *self.armed.first().filter(|((at, ..), _)| *at <= limit)?;
        self.cancel(0);
        self.now = at;
        Some((at, number))
    }
}

fn compare(steps: Vec<Step>) -> Result<(), TestCaseError> {
    let (mut queue, mut reference) = (Queue::new(), Reference::default());
    for (number, step) in steps.into_iter().enumerate() {
        match step {
            Step::Arm(wait, class) => {
                let at = reference.now.saturating_add(wait).min(u64::MAX >> 1);
                let key = queue.arm(Time::from_nanos(at), class, number);
                reference.armed.push(((at, class, number), key));
            }
            Step::Cancel(_) | Step::Undo(_) if reference.armed.is_empty() => {}
            Step::Cancel(which) => {
                let key = reference.cancel(which.index(reference.armed.len()));
                prop_assert!(queue.cancel(key).is_some());
            }
            Step::Undo(before) => {
                let last = reference.armed.len() - 1;
                let key = reference.cancel(last.saturating_sub(before));
                prop_assert!(queue.cancel(key).is_some());
            }
            Step::Pop(wait) => {
                let limit = reference.now.saturating_add(wait);
                let popped = queue.pop(Time::from_nanos(limit));
                let expected = reference.pop(limit);
                prop_assert_eq!(popped.map(|(at, number)| (at.as_nanos(), number)), expected);
                reference.now = if expected.is_none() { limit } else { reference.now };
            }
        }
        prop_assert!(reference.armed.iter().all(|(_, key)| queue.is_armed(*key)));
        prop_assert!(reference.gone.iter().all(|key| !queue.is_armed(*key)));
        prop_assert_eq!(queue.slots.armed(), reference.armed.len());
    }
    while let Some((at, number)) = queue.pop(Time::MAX) {
        prop_assert_eq!(Some((at.as_nanos(), number)), reference.pop(u64::MAX));
    }
    prop_assert_eq!(queue.slots.armed(), 0);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn it_pops_like_a_sorted_list(steps in prop::collection::vec(step(), 0..400)) {
        compare(steps)?;
    }
}

#[test]
fn cancelled_timers_do_not_pile_up() {
    let mut queue = Queue::new();
    let second = Time::from_nanos(1_000_000_000);
    let keys: Vec<_> = (0..100_000).map(|n| queue.arm(second, Class::Deadline, n)).collect();
    keys.into_iter().for_each(|key| assert!(queue.cancel(key).is_some()));
    assert_eq!(queue.slots.armed(), 0);
    assert!(queue.dead <= super::SPARE, "{} are left", queue.dead);
    assert_eq!(queue.pop(Time::MAX), None);
}
