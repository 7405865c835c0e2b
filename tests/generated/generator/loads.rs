//! Who asks.

use serde_json::{Value, json};

use super::Generator;
use super::quantities::SECOND;

impl Generator {
    pub(super) fn loads(&mut self) -> Value {
        let mut taken: Vec<String> =
            self.servers.iter().map(|server| server.name.clone()).collect();
        let count = if self.single { 1 } else { self.dice.pick(&[1, 1, 2, 3]) };
        let mut loads = json!({});
        for _ in 0..count {
            let name = self.names.another(&mut self.dice, &taken);
            loads[&name] = self.load(count);
            taken.push(name);
        }
        loads
    }

    fn load(&mut self, count: u64) -> Value {
        let at = match self.single || self.dice.chance(60) {
            true => 0,
            false => self.dice.between(0, self.servers.len() as u64 - 1) as usize,
        };
        let mut load = json!({ "target": self.target(at) });
        if self.dice.chance(85)
            && let Some(policy) = self.policy(|_| true)
        {
            load["policy"] = json!(policy);
        }
        if self.dice.chance(30) {
            load["priority"] = json!(self.dice.pick(&[0, 1, 7, 15, 255]));
        }
        if self.dice.chance(20) {
            load["population"] = self.number(1, 5);
        }
        if self.dice.chance(25) {
            load["keys"] = self.keys();
        }
        let span = self.times(&mut load);
        let requests = (self.requests / count).max(5) as f64;
        match self.dice.chance(25) {
            true => load["closed"] = self.closed(requests, span),
            false => {
                let rate = requests * SECOND as f64 / self.duration as f64;
                let rate = if self.grid { self.whole_rate(rate) } else { self.rate(rate) };
                let law =
                    if self.grid { "constant" } else { self.dice.pick(&["constant", "poisson"]) };
                load["open"] = json!({ law: rate });
            }
        }
        load
    }

    fn keys(&mut self) -> Value {
        let of = self.dice.pick(&[2, 10, 1_000, 100_000]);
        match self.dice.between(0, 2) {
            0 => json!({ "uniform": { "of": of } }),
            1 => match self.dice.chance(60) {
                true => json!({ "zipf": { "of": of, "exponent": self.factor(0, 20) } }),
                false => json!({ "zipf": { "of": of } }),
            },
            _ => json!({ "hot_set": {
                "of": of, "hot": self.share(0, 100), "share": self.share(0, 100),
            } }),
        }
    }

    /// When it begins and ends; how long that is.
    fn times(&mut self, load: &mut Value) -> u64 {
        let end = if self.drains { self.duration / 2 } else { self.duration };
        let from = if self.dice.chance(15) { self.ticks(0, 10).min(end / 2) } else { 0 };
        if from > 0 {
            load["from"] = json!(self.written(from));
        }
        let until = match self.dice.chance(15) {
            true => from + self.ticks(1, 40).min(end - from),
            false => end,
        };
        if until < self.duration || self.dice.chance(10) {
            load["until"] = json!(self.written(until));
        }
        until - from
    }

    /// So many a second that every request is sent at a whole tick.
    fn whole_rate(&mut self, rate: f64) -> String {
        let most = SECOND / self.tick;
        let whole: Vec<u64> = (1..=most).filter(|rate| most.is_multiple_of(*rate)).collect();
        let near = whole.iter().copied().rfind(|whole| *whole as f64 <= rate);
        format!("{}/s", near.unwrap_or(1) * self.dice.pick(&[1, 1, 1, 10]))
    }

    /// Clients who think so long that there are about as many requests, or do not think at all.
    fn closed(&mut self, requests: f64, span: u64) -> Value {
        let clients = self.dice.pick(&[1, 2, 5, 20, 400]);
        let mut closed = json!({ "clients": clients });
        let turn = (span as f64 * clients as f64 / requests) as u64;
        if clients == 400 || !self.dice.chance(15) {
            closed["think"] = self.law(turn.max(self.tick / 10).max(1_000));
        }
        closed
    }
}
