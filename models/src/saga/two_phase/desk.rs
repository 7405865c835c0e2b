use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::call::BoxFuture;
use cascadia_patterns::saga::{Command, Direction, Epoch};
use cascadia_patterns::store::{
    Change, Commit, MemoryStore, Query, Revision, Store, StoreError, View,
};
use cascadia_patterns::two_phase::{Branches, Decision, Inquiring, TransactionId};

use super::hub::Hub;
use crate::component::Life;
use crate::effects::{Booth, Branch, Work};
use crate::ledgers::{Entry, LedgerId, Ledgers};
use crate::plan::BranchPlan;
use crate::saga::asking::within;
use crate::tcp::Host;

/// What a replica has of what is done together, in one life. Dropped, it asks no more.
pub(crate) struct BranchDesk {
    pub(crate) booth: Arc<Booth>,
    _inquiring: Inquiring<Host>,
}

/// The store of a service with its branches, as one of its replicas sees it. It outlives them. What is entered in ledgers
/// is entered with the commit that does it.
struct Vault {
    rows: MemoryStore,
    branches: Branches,
    hub: Arc<Hub>,
    ledgers: Arc<Ledgers>,
    step: Arc<str>,
    life: Life,
}

/// How long it waits for what a coordinator says.
const PATIENCE: Duration = Duration::from_secs(1);

impl BranchDesk {
    pub(crate) fn new(
        life: &Life,
        plan: &BranchPlan,
        rows: &MemoryStore,
        ledgers: &Arc<Ledgers>,
    ) -> Self {
        let hub = life.common::<Hub>(&plan.saga).expect("coordinators have a hub in common");
        let branches = Branches::new("branches/");
        hub.kept.branches(&plan.step, &branches, rows);
        let store: Arc<dyn Store> = Arc::new(Vault {
            rows: rows.clone(),
            branches: branches.clone(),
            hub: Arc::clone(&hub),
            ledgers: Arc::clone(ledgers),
            step: Arc::clone(&plan.step),
            life: life.clone(),
        });
        let (asker, saga) = (life.clone(), Arc::clone(&plan.saga));
        let inquire = move |id: TransactionId| inquire(&asker, &saga, id);
        let kept = (branches.clone(), Arc::clone(&store));
        let inquiring = Inquiring::start(&life.host(), plan.pause, kept, inquire);
        let (saga, locked) = (Arc::clone(&plan.saga), Box::new(move || hub.locked()));
        let booth = Arc::new(Booth { saga, branches, store, locked });
        Self { booth, _inquiring: inquiring }
    }
}

/// Asks the coordinator that a transaction is of.
fn inquire(life: &Life, saga: &Arc<str>, id: TransactionId) -> BoxFuture<Option<Decision>> {
    let number = id.by.rsplit_once('/').and_then(|(_, number)| number.parse::<usize>().ok());
    let place = number.and_then(|number| life.find(saga).get(number).copied());
    let Some(to) = place else { return Box::pin(async { None }) };
    let branch = Branch::inquiry(saga, id);
    let (key, sent) = life.outbox.send();
    let asked = life.ground.inquire((life.place.id(), to), key, Arc::clone(&branch));
    let answered = within(sent, asked, life.sleep(PATIENCE));
    Box::pin(async move {
        answered.await?.ok()?;
        branch.decided()
    })
}

/// What was entered, as its row says.
fn entered(row: &[u8]) -> Option<(Command, Vec<Entry>)> {
    let mut lines = std::str::from_utf8(row).ok()?.lines();
    let command = Command {
        saga: lines.next()?.into(),
        step: lines.next()?.into(),
        direction: Direction::Do,
        epoch: Epoch::default(),
        attempt: 1,
        must: false,
        input: "".into(),
        outputs: [].into(),
    };
    let entry = |line: &str| {
        let (of, amount) = line.split_once(' ')?;
        Some((LedgerId(of.parse().ok()?), amount.parse().ok()?))
    };
    Some((command, lines.filter_map(entry).collect()))
}

impl Store for Vault {
    fn read(&self, query: Query) -> BoxFuture<Result<View, StoreError>> {
        self.rows.read(query)
    }

    fn commit(&self, mut commit: Commit) -> BoxFuture<Result<Revision, StoreError>> {
        let puts = commit.writes.iter().filter(|(key, _)| key.starts_with(Booth::ENTERED));
        let entered: Vec<_> = puts.filter_map(|(_, row)| entered(row.as_deref()?)).collect();
        // Whoever is told of it needs no row.
        commit.writes.retain(|key, _| !key.starts_with(Booth::ENTERED));
        let doubts = self.branches.doubts_of(&commit);
        let (rows, hub, now) = (self.rows.clone(), Arc::clone(&self.hub), self.life.now());
        let (ledgers, step) = (Arc::clone(&self.ledgers), Arc::clone(&self.step));
        Box::pin(async move {
            let made = rows.commit(commit).await?;
            for (command, entries) in entered {
                ledgers.enter(&entries);
                hub.witness.heard(&command, Work { at: now, key: 0, by: None }, Some(entries));
            }
            for (id, is_in_doubt) in doubts {
                hub.doubts(&step, id, is_in_doubt.then_some(now));
            }
            Ok(made)
        })
    }

    fn changes(&self, after: Revision) -> BoxFuture<Result<Vec<Change>, StoreError>> {
        self.rows.changes(after)
    }

    fn forget(&self, through: Revision) -> BoxFuture<Result<(), StoreError>> {
        self.rows.forget(through)
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault")
    }
}
