//! Tells of a scenario that does not end.

use std::collections::BTreeMap;
use std::sync::{Mutex, Once};
use std::thread;
use std::time::{Duration, Instant};

/// Some hundred times as long as any scenario takes.
const PATIENCE: Duration = Duration::from_secs(120);

static RUNNING: Mutex<BTreeMap<u64, Instant>> = Mutex::new(BTreeMap::new());
static WATCH: Once = Once::new();

/// A scenario that is at work, until this is dropped.
pub(super) struct AtWork(u64);

impl AtWork {
    pub(super) fn begin(seed: u64) -> Self {
        WATCH.call_once(|| drop(thread::spawn(watch)));
        running().insert(seed, Instant::now());
        Self(seed)
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        running().remove(&self.0);
    }
}

fn running() -> std::sync::MutexGuard<'static, BTreeMap<u64, Instant>> {
    RUNNING.lock().expect("nobody panics while it is held")
}

#[expect(clippy::print_stderr, reason = "what hangs never fails, so this is all that is ever told")]
fn watch() {
    loop {
        thread::sleep(Duration::from_secs(1));
        let late =
            running().iter().find(|(_, since)| since.elapsed() > PATIENCE).map(|(seed, _)| *seed);
        if let Some(seed) = late {
            eprintln!("the scenario of seed {seed} does not end; {}", super::how_to_print(seed));
            std::process::exit(101);
        }
    }
}
