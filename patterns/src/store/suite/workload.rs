use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use cascadia_runtime::{Stream, mix};

use crate::call::BoxFuture;
use crate::store::commit::{Commit, Condition};
use crate::store::contract::Store;
use crate::store::error::StoreError;
use crate::store::row::Revision;

/// What a client is told about one of its attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// Nothing yet. Where nothing follows, nobody knows.
    Begun,
    /// It was committed.
    Committed(Revision),
    /// It has not happened, and will not.
    Refused,
}

/// Who is told what clients are told, with the numbers of their attempts.
pub type Teller = Arc<dyn Fn(u64, Told) + Send + Sync>;

/// The attempts of clients that commit until their store dies.
///
/// Which commit an attempt is follows from its number and the seed alone, so that what a killed process
/// has said of it by number can be compared with what is in its store.
#[derive(Clone)]
pub struct Workload {
    seed: u64,
    next: Arc<AtomicU64>,
    until: u64,
    tell: Teller,
}

impl fmt::Debug for Workload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workload").field("seed", &self.seed).finish_non_exhaustive()
    }
}

impl Workload {
    /// The attempts of a seed with these numbers.
    pub fn new(seed: u64, numbers: std::ops::Range<u64>, tell: Teller) -> Self {
        Self { seed, next: Arc::new(AtomicU64::new(numbers.start)), until: numbers.end, tell }
    }

    /// A client, of which there may be several. It ends when there is no attempt left, or the store is gone.
    pub fn client(&self, store: Arc<dyn Store>) -> BoxFuture<()> {
        let work = self.clone();
        Box::pin(async move {
            while let Some(number) = work.number() {
                (work.tell)(number, Told::Begun);
                match store.commit(attempt(work.seed, number)).await {
                    Ok(revision) => (work.tell)(number, Told::Committed(revision)),
                    Err(error) => {
                        if error.is_nothing() {
                            (work.tell)(number, Told::Refused);
                        }
                        if error != StoreError::Conflict {
                            break;
                        }
                    }
                }
            }
        })
    }

    fn number(&self) -> Option<u64> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        (number < self.until).then_some(number)
    }

    /// The first number that was not given out.
    pub fn next(&self) -> u64 {
        self.next.load(Ordering::Relaxed).min(self.until)
    }
}

const KEYS: u64 = 12;
const LONGEST_VALUE: u64 = 1_500;

/// The commit of an attempt: a few rows, and one of its own, by which it is told from all others and
/// happens once.
pub fn attempt(seed: u64, number: u64) -> Commit {
    let mut draws = Stream::from_seed(mix(seed, number));
    let own = |number: u64| format!("attempt/{number}");
    let mut commit =
        Commit::new().given(Condition::Absent(own(number).into())).put(own(number), "");
    if let Some(old) = number.checked_sub(KEYS) {
        commit = commit.delete(own(old));
    }
    for _ in 0..=draws.below(4) {
        let key = format!("key/{}", draws.below(KEYS));
        commit = match draws.below(4) {
            0 => commit.delete(key),
            _ => {
                let length = draws.below(LONGEST_VALUE) as usize;
                let bytes = draws.next_u64().to_le_bytes();
                commit.put(key, bytes.iter().copied().cycle().take(length).collect::<Vec<_>>())
            }
        };
    }
    if draws.below(4) == 0 {
        let key = format!("key/{}", draws.below(KEYS));
        commit = commit.given(Condition::Absent(key.into()));
    }
    commit
}
