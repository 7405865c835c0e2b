//! Scenarios drawn from a seed. Every one of them is legal: what it is refused for is a defect.

mod checks;
mod dice;
mod faults;
mod laws;
pub(crate) mod layers;
mod links;
mod loads;
mod mail;
mod names;
mod plain;
mod policies;
mod quantities;
mod services;
mod stores;

use serde_json::{Value, json};

use self::dice::Dice;
use self::names::Names;
use self::policies::Policy;
use self::quantities::SECOND;
use self::services::Server;
use self::stores::Keeper;
use crate::generated::again::CHANGES;
use crate::generated::world::World;

/// The most calls that the requests of a scenario may cause, whatever goes wrong.
const MOST_CALLS: f64 = 30_000.0;

/// One of so many worlds has few parts. It shares no factor with the number of changes, so that
/// each change is made to worlds of both sorts.
const EACH_PLAIN: u64 = 8;
const _: () = assert!(share_no_factor(EACH_PLAIN, CHANGES.len() as u64));

/// The scenario of a seed.
pub(crate) fn scenario(seed: u64) -> Value {
    if seed % EACH_PLAIN == EACH_PLAIN - 1 {
        return plain::scenario(seed);
    }
    // Retries at many levels multiply beyond what can be run: then another one is drawn.
    let drawn = (0..).map(|again| Generator::new(seed, again).draw(seed, again));
    drawn
        .into_iter()
        .find(|scenario| World::read(scenario).most_calls() <= MOST_CALLS)
        .expect("some scenario is small enough")
}

const fn share_no_factor(one: u64, other: u64) -> bool {
    match other {
        0 => one == 1,
        _ => share_no_factor(other, one % other),
    }
}

/// What is drawn, and what it is drawn by.
pub(super) struct Generator {
    dice: Dice,
    names: Names,
    /// Everything happens at whole ticks, and so much of it at once.
    grid: bool,
    /// There is one service, which may have another to fall back on, and one load.
    single: bool,
    /// Nothing goes wrong.
    calm: bool,
    /// Loads end long before the run.
    drains: bool,
    /// The unit of most durations, in nanoseconds.
    tick: u64,
    duration: u64,
    warmup: u64,
    /// Requests that a load sends, about.
    requests: u64,
    per_second: f64,
    /// How many times the work that can be done is asked for.
    pressure: f64,
    /// The work of a usual request, in nanoseconds.
    work: u64,
    servers: Vec<Server>,
    keepers: Vec<Keeper>,
    policies: Vec<Policy>,
}

impl Generator {
    fn new(seed: u64, again: u64) -> Self {
        let mut dice = Dice::new(seed, again);
        let grid = dice.chance(30);
        let light = dice.chance(25);
        let tick = match (grid, light) {
            (true, _) => dice.pick(&[50_000_000, 100_000_000]),
            (false, true) => dice.magnitude(SECOND / 10, SECOND),
            (false, false) => dice.magnitude(SECOND / 1_000, SECOND / 20),
        };
        let duration = tick * dice.between(20, 100);
        let requests = if light { dice.between(10, 60) } else { dice.magnitude(60, 2_000) };
        let pressure: &[f64] =
            if light { &[0.01, 0.1, 0.5] } else { &[0.1, 0.5, 0.9, 1.2, 2.0, 6.0] };
        let mut all = Self {
            names: Names::new(&mut dice),
            grid,
            single: dice.chance(40),
            calm: dice.chance(25),
            drains: dice.chance(25),
            tick,
            duration,
            warmup: 0,
            requests,
            per_second: requests as f64 * SECOND as f64 / duration as f64,
            pressure: dice.pick(pressure),
            work: 0,
            servers: Vec::new(),
            keepers: Vec::new(),
            policies: Vec::new(),
            dice,
        };
        if all.dice.chance(40) {
            all.warmup = all.ticks(0, 10).min(duration / 2);
        }
        all
    }

    fn draw(mut self, seed: u64, again: u64) -> Value {
        self.draw_servers();
        self.draw_keepers();
        self.work = self.work_of(self.servers.len() - 1);
        self.draw_policies();
        let mut scenario = json!({
            "version": 1, "name": format!("generated {seed}"),
            "run": self.run(), "services": self.services(), "policies": {},
        });
        if !self.keepers.is_empty() {
            scenario["stores"] = self.stores();
        }
        for policy in &self.policies {
            scenario["policies"][&policy.name] = policy.layers.clone();
        }
        scenario["load"] = self.loads();
        scenario["links"] = self.links(&scenario["load"]);
        self.mail(&mut scenario, seed, again);
        self.keep_distance(&mut scenario);
        scenario["faults"] = self.faults(&scenario);
        scenario["checks"] = self.checks(&scenario);
        self.ornaments(&mut scenario);
        scenario
    }

    fn run(&mut self) -> Value {
        let mut run = json!({ "duration": self.written(self.duration) });
        if self.warmup > 0 || self.dice.chance(20) {
            run["warmup"] = json!(self.written(self.warmup));
        }
        if self.dice.chance(20) {
            run["seed"] = self.dice.pick(&[json!(7), json!("0x2a"), json!(1_u64 << 53)]);
        }
        let window = (self.duration / self.dice.between(2, 20)).max(1);
        run["window"] = json!(self.written(window));
        run
    }

    /// The mean work of a request to the service number `at`, so that the pressure is as it is to
    /// be.
    fn work_of(&mut self, at: usize) -> u64 {
        let Server { replicas, workers, .. } = &self.servers[at];
        let workers = (replicas * workers.unwrap_or(4)) as f64;
        let mean = self.pressure * workers * self.duration as f64 / self.requests as f64;
        (mean as u64).clamp(100, self.duration / 2)
    }

    /// What has no effect on a run.
    fn ornaments(&mut self, scenario: &mut Value) {
        if self.dice.chance(10) {
            scenario["question"] = json!("what if?");
            scenario["$schema"] = json!("scenario.schema.json");
            scenario["run"]["seeds"] = json!(3);
            scenario["run"]["require"] = json!("50%");
            let expect = self.dice.pick(&["pass", "fail"]);
            let variant = json!({ "expect": expect, "set": { "run.seed": 2 } });
            scenario["variants"] = json!({ "other": variant });
        }
    }
}
