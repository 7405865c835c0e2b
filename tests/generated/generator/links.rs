//! What lies between.

use serde_json::{Value, json};

use super::Generator;
use crate::generated::world::World;

impl Generator {
    pub(super) fn links(&mut self, loads: &Value) -> Value {
        let mut links = json!({});
        if self.dice.chance(50) {
            links["default"] = self.link();
        }
        let names: Vec<String> =
            loads.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect();
        let callers =
            names.into_iter().chain(self.servers.iter().map(|server| server.name.clone()));
        let callers: Vec<String> = callers.filter(|name| can_stand_in_a_pair(name)).collect();
        let servers = self.servers.iter().map(|server| server.name.clone());
        let servers: Vec<String> = servers.filter(|name| can_stand_in_a_pair(name)).collect();
        if callers.is_empty() || servers.is_empty() {
            return links;
        }
        for _ in 0..self.dice.pick(&[0, 0, 1, 2]) {
            let (from, to) = (self.dice.pick(&callers), self.dice.pick(&servers));
            links[format!("{from} -> {to}")] = self.link();
        }
        links
    }

    fn link(&mut self) -> Value {
        let mean = match self.grid {
            true => self.tick,
            false => self.dice.magnitude((self.tick / 100).max(100), self.tick),
        };
        let mut link = json!({});
        if self.dice.chance(80) {
            link["latency"] = self.law(mean);
        }
        if !self.calm && self.dice.chance(15) {
            link["loss"] = self.share(0, 30);
        }
        link
    }

    /// Clients that do not think are far away from their service, so that time passes between two
    /// requests. Where a name does not allow for that, they think.
    pub(super) fn keep_distance(&mut self, scenario: &mut Value) {
        let world = World::read(scenario);
        for (name, load) in &world.loads {
            let Some((clients, false)) = load.clients else { continue };
            let turn = self.duration / self.requests * clients / 2 + 1_000;
            let service = &load.call.service;
            let pair = [name, service].iter().all(|name| can_stand_in_a_pair(name));
            if pair {
                scenario["links"][format!("{name} -> {service}")] =
                    json!({ "latency": self.written(turn) });
            } else {
                scenario["load"][name]["closed"]["think"] = json!(self.written(turn));
            }
        }
    }
}

/// A pair is cut at the arrow, and spaces around its parts do not count.
pub(super) fn can_stand_in_a_pair(name: &str) -> bool {
    !name.contains("->") && name.trim() == name && !name.is_empty()
}
