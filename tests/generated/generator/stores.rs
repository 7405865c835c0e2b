//! Stores, and what services do to their rows.

use serde_json::{Value, json};

use super::Generator;
use super::services::queue;

/// A store as far as others need to know it.
pub(super) struct Keeper {
    name: String,
    /// What it can be asked for.
    acts: &'static [&'static str],
    /// It keeps its rows at one replica, and whatever else it is given.
    is_table: bool,
}

const ALL: [&str; 4] = ["read", "write", "compare_and_set", "transaction"];
const SHARED: [&str; 2] = ["read", "write"];

impl Generator {
    /// Draws which stores there are.
    pub(super) fn draw_keepers(&mut self) {
        for number in 0..self.dice.weighted(&[(75, 0), (20, 1), (5, 2)]) {
            let acts: &[&str] = if self.dice.chance(30) { &SHARED } else { &ALL };
            let is_table = acts.len() == ALL.len() && self.dice.chance(40);
            self.keepers.push(Keeper { name: format!("store {number}"), acts, is_table });
        }
    }

    /// A store that keeps what layers want to know of requests, if there is one that is sure to have all its rows
    /// at one replica.
    pub(super) fn table(&mut self) -> Option<String> {
        let tables: Vec<&Keeper> = self.keepers.iter().filter(|keeper| keeper.is_table).collect();
        let at = self.dice.between(0, (tables.len() as u64).checked_sub(1)?) as usize;
        Some(tables[at].name.clone())
    }

    pub(super) fn stores(&mut self) -> Value {
        let mut stores = json!({});
        for at in 0..self.keepers.len() {
            let Keeper { name, acts, is_table } = &self.keepers[at];
            let (name, is_led, is_table) = (name.clone(), acts.len() == ALL.len(), *is_table);
            stores[name] = if is_led { self.led(is_table) } else { self.quorum() };
        }
        stores
    }

    /// One whose rows are written by one replica.
    fn led(&mut self, is_table: bool) -> Value {
        let mut store = self.store();
        match if is_table { self.dice.between(0, 1) } else { self.dice.between(0, 3) } {
            0 => {}
            1 => store["keeps"] = json!("rows"),
            2 => {
                store["replicas"] = json!(self.dice.between(1, 5));
                store["keeps"] = self.elected();
            }
            _ => {
                let replicas = self.dice.between(1, 3);
                let mut replicated = self.settings(
                    50,
                    &[("lag", |all| {
                        let mean = all.moment();
                        all.law(mean)
                    })],
                );
                let failover = self.moment();
                replicated["failover"] = json!(self.written(failover));
                if self.dice.chance(40) {
                    replicated["synchronous"] = json!(self.dice.between(0, replicas - 1));
                }
                store["replicas"] = json!(replicas);
                store["keeps"] = json!({ "replicated": replicated });
            }
        }
        if self.dice.chance(50) {
            store["workers"] = json!(self.dice.pick(&[1, 4, 64]));
            store["queue"] = queue(self);
        }
        store
    }

    /// Who elects hears of its leader often enough, and not so often that nothing else happens.
    fn elected(&mut self) -> Value {
        if self.dice.chance(25) {
            return json!("elected");
        }
        let heartbeat = self.ticks(1, 4).max(1_000);
        let min = heartbeat * self.dice.between(2, 5);
        let max = min + heartbeat * self.dice.between(0, 5);
        let mut elected = self.settings(
            50,
            &[("max_entries", |all| json!(all.dice.pick(&[1, 8, 64]))), ("disk", Self::disk)],
        );
        elected["heartbeat"] = json!(self.written(heartbeat));
        elected["election_timeout"] = json!({ "min": self.written(min), "max": self.written(max) });
        json!({ "elected": elected })
    }

    fn disk(&mut self) -> Value {
        self.settings(
            50,
            &[
                ("size_bytes", |all| json!(all.dice.pick(&[4_096, 1 << 30]))),
                ("read", |all| all.law(all.work.max(100) / 8)),
                ("write", |all| all.law(all.work.max(100) / 8)),
                ("sync", |all| all.law(all.work.max(100) / 4)),
                ("bytes_per_second", |all| json!(all.dice.pick(&[100_000, 1 << 30]))),
            ],
        )
    }

    fn quorum(&mut self) -> Value {
        let mut store = self.store();
        let replicas = self.dice.between(1, 4);
        let [read, write] = [(); 2].map(|()| self.dice.between(1, replicas));
        store["replicas"] = json!(replicas);
        store["keeps"] = json!({ "quorum": { "read": read, "write": write } });
        if self.dice.chance(20) {
            store["workers"] = json!("unlimited");
        }
        store
    }

    fn store(&mut self) -> Value {
        let mut store = self.settings(
            25,
            &[
                ("answer", |all| all.law(all.work.max(1) / 4)),
                ("on_cancel", |all| json!(all.dice.pick(&["ignore", "skip_queued", "stop"]))),
                ("refusal", Self::patience),
                ("labels", |all| json!({ "zone": all.dice.pick(&["a", "b"]) })),
            ],
        );
        let work = self.work.max(100);
        store["read"] = self.law(work / 8);
        store["write"] = self.law(work / 4);
        if self.dice.chance(20)
            && let Some(policy) = self.policy(|uses| uses.store)
        {
            store["inbound"] = json!(policy);
        }
        store
    }

    /// A step that asks a store for something, if there is one. Whom others fall back on passes no
    /// policy, which could fall back on it.
    pub(super) fn row_step(&mut self, leaf: bool) -> Option<Value> {
        let at = self.dice.between(0, (self.keepers.len() as u64).checked_sub(1)?) as usize;
        let (name, acts) = (self.keepers[at].name.clone(), self.keepers[at].acts);
        let act = self.dice.pick(acts);
        let mut step = json!({ act: name });
        match act {
            "transaction" => step["steps"] = json!(self.inside(&name)),
            _ if self.dice.chance(50) => step["row"] = json!(self.dice.pick(&["one", "other"])),
            _ => {}
        }
        if !leaf
            && self.dice.chance(40)
            && let Some(policy) = self.policy(|_| true)
        {
            step["policy"] = json!(policy);
        }
        Some(step)
    }

    fn inside(&mut self, store: &str) -> Vec<Value> {
        let count = self.dice.between(0, 3);
        let mut step = || match self.dice.between(0, 2) {
            0 => json!({ "read": store, "row": "one" }),
            1 => json!({ "write": store, "row": self.dice.pick(&["one", "other"]) }),
            _ => {
                let work = self.work.max(100) / 8;
                json!({ "compute": self.law(work) })
            }
        };
        (0..count).map(|_| step()).collect()
    }
}
