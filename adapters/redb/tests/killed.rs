//! A process on real files that is killed while it commits.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use cascadia_files::Files;
use cascadia_killing::{Victim, tell};
use cascadia_patterns::store::suite::{Journal, Teller, Told, Workload};
use cascadia_patterns::store::{Revision, Store};
use cascadia_runtime::{Stream, TokioWorld};

use crate::support::{open, told};

pub(crate) const FOLDER: &str = "CASCADIA_CHILD_FOLDER";
const FIRST: &str = "CASCADIA_CHILD_FIRST";
const SEED: u64 = 5;
/// More than any life has time for.
const ATTEMPTS: u64 = 1_000_000;
const CLIENTS: usize = 4;

/// Is started by the test below, and dies by it.
#[test]
#[ignore = "it is a part of another test"]
fn child() {
    let first = told(FIRST, 0);
    let tell: Teller = Arc::new(|number, told| match told {
        Told::Begun => tell(format_args!("{number} begun")),
        Told::Committed(revision) => tell(format_args!("{number} {revision}")),
        Told::Refused => tell(format_args!("{number} refused")),
    });
    let work = Workload::new(SEED, first..first + ATTEMPTS, tell);
    in_folder(|store| async move {
        let clients: Vec<_> =
            (0..CLIENTS).map(|_| tokio::spawn(work.client(Arc::clone(&store)))).collect();
        for client in clients {
            client.await.unwrap();
        }
    });
}

/// Five hundred kills with `CASCADIA_KILLS=500`.
#[test]
fn what_was_acknowledged_is_there_after_many_kills() {
    let folder = Scratch::new("killed");
    let (mut journal, mut first, mut draws) = (Journal::new(SEED), 0, Stream::from_seed(1));
    let kills = told("CASCADIA_KILLS", 20);
    for _ in 0..kills {
        first = live(&folder.0, first, &mut journal, &mut draws);
        runtime().block_on(async {
            let files = Files::open(&folder.0).unwrap();
            journal.check(&*open(&TokioWorld::new(), files).await.unwrap()).await.unwrap();
        });
    }
    assert!(journal.commits() > kills, "{} commits", journal.commits());
}

/// Lets a child commit for a while, kills it, and writes down what it said.
fn live(folder: &Path, first: u64, journal: &mut Journal, draws: &mut Stream) -> u64 {
    let number = first.to_string();
    let told = [(FOLDER, folder.to_str().unwrap()), (FIRST, &number)];
    let said = Victim::start("killed::child", &told).live(draws, Duration::from_millis(40));
    let mut next = first;
    for line in said {
        let mut words = line.split(' ');
        let number = words.next().unwrap().parse().unwrap();
        let told = match words.next().unwrap() {
            "begun" => Told::Begun,
            "refused" => Told::Refused,
            revision => Told::Committed(Revision::new(revision.parse().unwrap())),
        };
        journal.tell(number, told);
        next = next.max(number + 1);
    }
    next
}

pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().enable_time().build().unwrap()
}

/// Works, as a victim, on the store in the folder that it is told of; not without one.
#[expect(clippy::disallowed_methods, reason = "a process of its own is told what to do")]
pub(crate) fn in_folder<W: Future<Output = ()>>(work: impl FnOnce(Arc<dyn Store>) -> W) {
    let Ok(folder) = env::var(FOLDER) else { return };
    runtime().block_on(async move {
        work(open(&TokioWorld::new(), Files::open(folder).unwrap()).await.unwrap()).await;
    });
}

/// A folder that is gone when the test is over.
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Scratch {
    pub(crate) fn new(of: &str) -> Self {
        let name = format!("cascadia-redb-{of}-{}", std::process::id());
        Self(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
