//! The power goes at a write, a cut or a sync.

use std::sync::{Arc, Mutex};

use cascadia_patterns::store::StoreError;
use cascadia_patterns::store::suite::{Journal, Workload};
use cascadia_runtime::{Disk, Loss, MemoryDisk, Stream};

use crate::support::{Wired, disk, open, simulate, teller, together, told};

const LOSSES: [Loss; 4] = [Loss::All, Loss::Tail, Loss::Sectors, Loss::None];

/// A machine that loses its power again and again, and what its clients know.
struct Machine {
    disk: MemoryDisk,
    journal: Arc<Mutex<Journal>>,
    seed: u64,
    /// Whether its disk only says that it syncs.
    lies: bool,
    /// The first attempt of the next life.
    next: u64,
}

impl Machine {
    fn new(seed: u64) -> Self {
        let journal = Arc::new(Mutex::new(Journal::new(seed)));
        Self { disk: disk(), journal, seed, lies: false, next: 0 }
    }

    /// A life: looks at what is there, and has clients write until they have done so many attempts, or
    /// the power goes.
    fn live(&mut self, attempts: u64, clients: u64) -> Result<(), StoreError> {
        let numbers = self.next..self.next + attempts;
        let work = Workload::new(self.seed, numbers, teller(&self.journal));
        let (journal, then) = (Arc::clone(&self.journal), work.clone());
        let disk = Wired { disk: Arc::new(self.disk.clone()) as Arc<dyn Disk>, lies: self.lies };
        let seed = self.seed ^ self.next;
        let checked = simulate(seed, |sim| {
            Box::pin(async move {
                let store = open(&sim, disk).await?;
                let mut known = journal.lock().unwrap().clone();
                known.check(&*store).await?;
                *journal.lock().unwrap() = known;
                let clients = (0..clients).map(|_| work.client(Arc::clone(&store))).collect();
                together(&store, clients, &journal, &mut Stream::from_seed(seed)).await;
                Ok(())
            })
        });
        self.next = then.next();
        checked
    }

    fn crash(&mut self, loss: Loss, draws: &mut Stream) {
        self.disk.crash(loss, draws);
    }

    fn commits(&self) -> u64 {
        self.journal.lock().unwrap().commits()
    }
}

#[test]
fn what_was_acknowledged_is_there_after_a_crash_at_every_write_and_every_sync() {
    let mut whole = Machine::new(7);
    whole.live(12, 2).unwrap();
    let changes = whole.disk.changes();
    assert!(changes > 50, "{changes}");
    let mut outcomes = std::collections::BTreeSet::new();
    for at in 0..=changes {
        for loss in LOSSES {
            let mut machine = Machine::new(7);
            machine.disk.stop_after(at);
            let _ = machine.live(12, 2);
            machine.crash(loss, &mut Stream::from_seed(at));
            machine.live(2, 1).unwrap();
            outcomes.insert(machine.commits());
            machine.crash(Loss::None, &mut Stream::from_seed(0));
            machine.live(0, 0).unwrap();
        }
    }
    assert!(outcomes.len() > 3, "crashes left {outcomes:?} commits");
}

/// Ten thousand seeds with `CASCADIA_SEEDS=10000`.
#[test]
fn what_was_acknowledged_is_there_after_many_crashes() {
    let (mut commits, mut died_opening) = (0, 0);
    for seed in 0..told("CASCADIA_SEEDS", 200) {
        let mut draws = Stream::from_seed(seed);
        let mut machine = Machine::new(seed);
        for _ in 0..4 {
            machine.disk.stop_after(draws.below(120));
            let (attempts, clients) = (draws.below(30), 1 + draws.below(6));
            died_opening += u64::from(machine.live(attempts, clients).is_err());
            machine.crash(LOSSES[draws.below(4) as usize], &mut draws);
        }
        machine.live(0, 0).unwrap();
        commits += machine.commits();
    }
    assert!(commits > 0 && died_opening > 0, "{commits} commits, died opening {died_opening}");
}

/// What the test would find.
#[test]
fn a_disk_that_does_not_sync_loses_what_was_acknowledged() {
    let found = (0..20).any(|seed| {
        let life = || {
            let mut machine = Machine { lies: true, ..Machine::new(seed) };
            machine.live(20, 2).unwrap();
            machine.crash(Loss::All, &mut Stream::from_seed(seed));
            machine.lies = false;
            machine.live(0, 0).unwrap();
        };
        std::panic::catch_unwind(life).is_err()
    });
    assert!(found);
}
