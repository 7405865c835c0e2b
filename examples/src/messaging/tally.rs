use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What was done, by the number of the message that asked for it.
#[derive(Clone, Debug, Default)]
pub struct Tally(Arc<Mutex<BTreeMap<u64, u32>>>);

/// How often somebody looks whether there is more.
const LOOK: Duration = Duration::from_millis(50);
/// The longest that anybody looks.
const LONGEST: Duration = Duration::from_secs(60);

impl Tally {
    fn done(&self) -> MutexGuard<'_, BTreeMap<u64, u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A message was done.
    pub fn add(&self, number: u64) {
        *self.done().entry(number).or_default() += 1;
    }

    /// All that was done, as often as it was.
    pub fn all(&self) -> Vec<u64> {
        let done = self.done();
        done.iter().flat_map(|(number, times)| (0..*times).map(|_| *number)).collect()
    }

    /// A row of the table, where so many were to be done, without those of `dead`.
    pub fn row(&self, name: &'static str, all: u64, dead: &[u64]) -> Row {
        let done = self.done();
        let lost = (0..all).filter(|it| !done.contains_key(it) && !dead.contains(it)).count();
        let doubled = done.values().filter(|times| **times > 1).count();
        Row { name, done: done.len(), lost, doubled, dead: dead.len() }
    }
}

/// Waits until nothing more has come to any of these for so long.
pub(super) async fn quiet(tallies: &[&Tally], within: Duration) {
    let count = || tallies.iter().map(|tally| tally.all().len()).sum::<usize>();
    let (mut before, mut still, mut over) = (count(), Duration::ZERO, Duration::ZERO);
    while still < within && over < LONGEST {
        tokio::time::sleep(LOOK).await;
        still = if count() == before { still + LOOK } else { Duration::ZERO };
        (before, over) = (count(), over + LOOK);
    }
}

/// What became of the messages of one who does it in one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Who, or how.
    pub name: &'static str,
    /// How many were done.
    pub done: usize,
    /// How many were neither done nor are dead.
    pub lost: usize,
    /// How many were done more than once.
    pub doubled: usize,
    /// How many are dead letters.
    pub dead: usize,
}

impl Row {
    /// The names of the columns.
    pub fn heading() -> String {
        format!("{:44}{:>7}{:>7}{:>9}{:>15}", "", "done", "lost", "doubled", "dead-lettered")
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, done, lost, doubled, dead } = self;
        write!(f, "{name:44}{done:>7}{lost:>7}{doubled:>9}{dead:>15}")
    }
}
