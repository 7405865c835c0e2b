//! What goes wrong: overlapping, back to back, from the first instant and to the last.

use serde_json::{Value, json};

use super::Generator;
use super::services::status;

/// Draws what a kind of fault does.
type Draw = fn(&mut Generator, &Parties) -> Value;

/// Every kind of fault, and how it is drawn.
const FAULTS: [(&str, Draw); 9] = [
    ("slow", |all, parties| {
        let mut slow = all.hit(parties);
        slow["factor"] = json!(all.dice.pick(&[0.5, 1.0, 2.0, 10.0, 1000.0]));
        if all.dice.chance(60) {
            slow["mode"] = json!(all.dice.pick(&["start", "rate"]));
        }
        slow
    }),
    ("crash", |all, parties| all.hit(parties)),
    ("refuse", |all, parties| all.hit(parties)),
    ("errors", |all, parties| {
        let mut errors = all.hit(parties);
        errors["rate"] = if all.dice.chance(60) { json!("100%") } else { all.share(0, 100) };
        if all.dice.chance(40)
            && let Some(status) = status(&mut all.dice)
        {
            errors["status"] = status;
        }
        if all.dice.chance(30) {
            errors["after"] = json!(all.dice.pick(&["arrival", "work"]));
        }
        let target = errors["target"].as_str().unwrap_or_default();
        let hit = all.servers.iter().find(|server| server.name == target);
        if let Some(endpoints) = hit.map(|server| server.endpoints.clone())
            && all.dice.chance(30)
        {
            errors["endpoint"] = json!(all.dice.pick(&endpoints));
        }
        errors
    }),
    ("latency", |all, parties| {
        let mut latency = all.sides(parties);
        if all.dice.chance(50) {
            latency["factor"] = json!(all.dice.pick(&[0.5, 2.0, 20.0]));
        }
        if all.dice.chance(70) || latency["factor"].is_null() {
            let mean = all.moment();
            latency["add"] = all.law(mean);
        }
        latency
    }),
    ("loss", |all, parties| {
        let mut loss = all.sides(parties);
        loss["rate"] = all.share(0, 100);
        loss
    }),
    ("partition", |all, parties| {
        let mut partition = all.sides(parties);
        if all.dice.chance(50) {
            partition["direction"] = json!(all.dice.pick(&["both", "forward"]));
        }
        partition
    }),
    ("scale", |all, _| {
        let services: Vec<String> = all.servers.iter().map(|server| server.name.clone()).collect();
        let mut scale = json!({ "target": all.dice.pick(&services), "to": all.dice.between(1, 5) });
        if all.dice.chance(50) {
            let grace = if all.dice.chance(40) { 0 } else { all.moment() };
            scale["grace"] = json!(all.written(grace));
        }
        scale
    }),
    ("clock", |all, parties| {
        let mut clock = all.hit(parties);
        if all.dice.chance(40) {
            clock["target"] = match parties.loads.is_empty() {
                true => Value::Null,
                false => json!(all.dice.pick(&parties.loads)),
            };
        }
        if clock["target"].is_null() {
            clock = json!({});
        }
        let moment = all.moment();
        let (key, off) = match all.dice.between(0, 3) {
            0 => ("ahead", json!(all.written(moment))),
            1 => ("behind", json!(all.written(moment))),
            2 => ("fast", all.share(0, 100)),
            _ => ("slow", all.share(0, 100)),
        };
        clock[key] = off;
        clock
    }),
];

/// Those of what is sent on its own.
const OF_MESSAGES: [(&str, Draw); 2] = [
    ("duplicate", |all, parties| all.within(parties)),
    ("reorder", |all, parties| all.within(parties)),
];

/// What files call all of them.
pub(super) fn kinds() -> impl Iterator<Item = &'static str> {
    FAULTS.iter().chain(&OF_MESSAGES).map(|(kind, _)| *kind)
}

/// Who can be hit, as a file names them.
pub(crate) struct Parties {
    replicas: Vec<String>,
    loads: Vec<String>,
}

impl Generator {
    pub(super) fn faults(&mut self, scenario: &Value) -> Value {
        let count = if self.calm { 0 } else { self.dice.pick(&[0, 1, 1, 2, 3, 5]) };
        let (parties, has_mail) = (self.parties(scenario), scenario["brokers"].is_object());
        let mut taken = Vec::new();
        let (mut faults, mut after) = (Vec::new(), 0);
        for number in 0..count {
            let (kind, draw) = match self.dice.chance(if has_mail { 25 } else { 0 }) {
                true => self.dice.pick(&OF_MESSAGES),
                false => self.dice.pick(&FAULTS),
            };
            let mut fault = json!({ kind: draw(self, &parties) });
            // What a broker does is no work that could be slow or fail.
            let of_work = ["slow", "errors"].contains(&kind);
            if of_work && fault[kind]["target"].as_str().is_some_and(|it| it.starts_with("bus")) {
                fault[kind]["target"] = json!("desk");
            }
            let name = self.names.another(&mut self.dice, &taken);
            let default = format!("{kind}-{number}");
            if self.dice.chance(80) && name != default {
                fault["name"] = json!(name);
                taken.push(name);
            }
            taken.push(default);
            after = self.when(&mut fault, after);
            faults.push(fault);
        }
        Value::Array(faults)
    }

    /// When a fault begins and ends, which is told.
    fn when(&mut self, fault: &mut Value, after: u64) -> u64 {
        let at = match self.dice.between(0, 4) {
            0 => 0,
            1 if after < self.duration => after,
            _ => self.ticks(1, 90).min(self.duration - 1),
        };
        fault["at"] = json!(self.written(at));
        let left = self.duration - at;
        if self.dice.chance(20) {
            return self.duration;
        }
        let lasts = if self.dice.chance(15) { left } else { self.ticks(1, 60).clamp(1, left) };
        fault["for"] = json!(self.written(lasts));
        at + lasts
    }

    fn parties(&self, scenario: &Value) -> Parties {
        let mut replicas = Vec::new();
        let names: Vec<&str> = self.servers.iter().map(|server| server.name.as_str()).collect();
        for server in &self.servers {
            let name = &server.name;
            replicas.push(name.clone());
            let plain = !name.contains(|c: char| c.is_whitespace() || c == '=');
            let labels = scenario["services"][name]["labels"].clone();
            let zone = labels["zone"].as_str().or_else(|| labels["zone"][0].as_str());
            for replica in [0, server.replicas / 2, server.replicas - 1] {
                let one = format!("{name}/{replica}");
                if plain && server.replicas > 1 && !names.contains(&one.as_str()) {
                    replicas.push(one);
                }
            }
            if let Some(zone) = zone.filter(|_| !names.contains(&"zone=a")) {
                // Brokers have zones too, and no work that could go wrong.
                if !scenario["brokers"].is_object() {
                    replicas.push(format!("zone={zone}"));
                }
                let both = format!("{name} zone={zone}");
                if plain && !names.contains(&both.as_str()) {
                    replicas.push(both);
                }
            }
        }
        if scenario["brokers"].is_object() {
            replicas.extend(["bus", "bus/0", "desk", "bus"].map(str::to_owned));
        }
        let loads = scenario["load"].as_object().into_iter().flatten();
        let loads = loads.map(|(name, _)| name.clone()).filter(|name| name.trim() == name);
        Parties { replicas, loads: loads.collect() }
    }

    fn hit(&mut self, parties: &Parties) -> Value {
        let mut hit = json!({ "target": self.dice.pick(&parties.replicas) });
        if self.dice.chance(40) {
            hit["pick"] = match self.dice.between(0, 3) {
                0 => json!("all"),
                1 => json!("one"),
                _ => self.share(1, 100),
            };
        }
        hit
    }

    fn within(&mut self, parties: &Parties) -> Value {
        let mut sides = self.sides(parties);
        let moment = self.moment();
        sides["rate"] = self.share(0, 100);
        sides["within"] = json!(self.written(moment));
        sides
    }

    fn sides(&mut self, parties: &Parties) -> Value {
        let mut sides = json!({});
        for side in ["from", "to"] {
            let of = if self.dice.chance(30) && !parties.loads.is_empty() {
                &parties.loads
            } else {
                &parties.replicas
            };
            if self.dice.chance(60) {
                sides[side] = json!(self.dice.pick(of));
            }
        }
        sides
    }
}
