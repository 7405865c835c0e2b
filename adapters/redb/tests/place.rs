//! At a place of the simulation, on the disk of that: its process and its machine die while it works.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cascadia_models::component::{Build, Component, Envelope, Life, Place, Row, Rows};
use cascadia_models::plan::{
    ComponentPlan, Effect, FaultPlan, Instance, Links, Pick, Plan, ServiceId, Spoils, Target,
};
use cascadia_models::run::{RunError, simulate};
use cascadia_patterns::store::suite::{Journal, Workload, interleave};
use cascadia_runtime::{Stream, Time};

use crate::support::{Wired, open, teller, told};

/// What the clients of one store know, through all its lives.
#[derive(Debug)]
struct Clients {
    seed: u64,
    /// Whether their disk only says that it syncs.
    lied_to: bool,
    journal: Arc<Mutex<Journal>>,
    /// The first attempt of the next life.
    next: Mutex<u64>,
    lives: Mutex<u64>,
}

impl Component for Clients {
    fn boot(self: Arc<Self>, life: Life) {
        let task = Arc::clone(&self).work(life.clone());
        life.spawn(task);
    }

    fn receive(self: Arc<Self>, _: Envelope) {}

    fn rows(&self, rows: &mut Rows) {
        rows.add("checked", *self.lives.lock().unwrap());
    }
}

impl Clients {
    /// A life: looks at what is there, and writes until it ends.
    async fn work(self: Arc<Self>, life: Life) {
        let disk = Wired { disk: life.disk(), lies: self.lied_to };
        let Ok(store) = open(&life.host(), disk).await else { return };
        let mut known = self.journal.lock().unwrap().clone();
        if known.check(&*store).await.is_err() {
            return;
        }
        *self.journal.lock().unwrap() = known;
        *self.lives.lock().unwrap() += 1;
        let first = *self.next.lock().unwrap();
        let numbers = first..first + 1_000;
        *self.next.lock().unwrap() = numbers.end;
        let work = Workload::new(self.seed, numbers, teller(&self.journal));
        let clients = (0..3).map(|_| work.client(Arc::clone(&store))).collect();
        interleave(clients, &mut life.stream("clients")).await;
    }
}

#[derive(Debug)]
struct Builder(Arc<Clients>);

impl Build for Builder {
    fn keeps(&self) -> bool {
        true
    }

    fn rows(&self) -> &'static [Row] {
        const { &[Row::count("checked", "Lives that found everything.")] }
    }

    fn build(&self, _: &Arc<Place>) -> Arc<dyn Component> {
        Arc::clone(&self.0) as _
    }
}

/// Six deaths in three seconds, of the process or the machine.
fn deaths(seed: u64) -> Vec<FaultPlan> {
    let mut draws = Stream::from_seed(seed);
    let place = Instance { service: ServiceId(0), replica: 0 };
    let mut now = Time::ZERO;
    let mut death = |number: u32| {
        let target = Target { candidates: vec![place], pick: Pick::All };
        let start = now + Duration::from_micros(1_000 + draws.below(400_000));
        let end = start + Duration::from_micros(1 + draws.below(50_000));
        now = end;
        let effect = match draws.below(3) {
            0 => Effect::on(target, |hit| hit.die()),
            _ => Effect::on(target, |hit| hit.stop()),
        };
        FaultPlan { name: format!("death {number}"), start, end, effect }
    };
    (0..6).map(&mut death).collect()
}

/// How many lives found everything, and how many commits there were in the end.
fn run(seed: u64, lied_to: bool) -> Result<(u64, u64), RunError> {
    let journal = Arc::new(Mutex::new(Journal::new(seed)));
    let clients = Clients { seed, lied_to, journal, next: Mutex::new(0), lives: Mutex::new(0) };
    let clients = Arc::new(clients);
    let build = Arc::new(Builder(Arc::clone(&clients)));
    let plan = Plan {
        seed,
        duration: Time::ZERO + Duration::from_secs(3),
        warmup: Time::ZERO,
        services: Vec::new(),
        ledgers: Vec::new(),
        components: vec![ComponentPlan::new("store".to_owned(), 1, build)],
        stacks: Vec::new(),
        links: Links::default(),
        loads: Vec::new(),
        faults: deaths(seed),
        probes: Vec::new(),
        spoils: Spoils::default(),
    };
    simulate(plan, &mut |_| ControlFlow::Continue(()))?;
    let (lives, commits) =
        (*clients.lives.lock().unwrap(), clients.journal.lock().unwrap().commits());
    Ok((lives, commits))
}

/// Ten thousand seeds with `CASCADIA_SEEDS=10000`.
#[test]
fn what_was_acknowledged_is_there_in_every_life_of_a_place() {
    let (mut lives, mut commits) = (0, 0);
    let seeds = told("CASCADIA_SEEDS", 40);
    for seed in 0..seeds {
        let (found, committed) = run(seed, false).unwrap();
        lives += found;
        commits += committed;
    }
    assert!(lives > 5 * seeds, "of seven lives of {seeds} places only {lives} could be looked at");
    assert!(commits > 100 * seeds, "{commits} commits of {seeds} places");
}

#[test]
fn a_disk_that_lies_about_its_syncs_is_found_out() {
    let found = (0..10).filter(|seed| run(*seed, true).is_err()).count();
    assert!(found > 5, "in {found} of ten places");
}
