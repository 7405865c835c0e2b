//! Brokers, who publishes to them and who consumes, amid everything else.

use serde_json::{Value, json};

use super::Generator;
use super::dice::Dice;

/// One of so many worlds has a broker.
const EACH: u64 = 5;

impl Generator {
    /// Adds a broker to some worlds, a service that consumes, and steps by which another one publishes. It is drawn
    /// by dice of its own, so that other worlds are what they were without.
    pub(super) fn mail(&mut self, scenario: &mut Value, seed: u64, again: u64) {
        let own = Dice::new(seed, again | 1 << 40);
        let dice = std::mem::replace(&mut self.dice, own);
        if self.dice.between(0, EACH - 1) == 0 {
            self.post(scenario);
        }
        self.dice = dice;
    }

    fn post(&mut self, scenario: &mut Value) {
        // Whoever is called for a message publishes none, so that there is an end.
        let at = self.dice.between(0, self.servers.len() as u64 - 1) as usize;
        let asks = self.dice.chance(30);
        let bus = self.bus();
        let mut consume = self.consume(at, asks);
        let is_like = !bus["like"].is_null();
        if is_like {
            Self::settle_with(&mut consume);
        }
        scenario["brokers"] = json!({ "bus": bus });
        let mut desk = json!({ "consume": { "bus.letters": consume } });
        if self.dice.chance(60) {
            desk["replicas"] = json!(self.dice.between(1, 4));
        }
        if self.dice.chance(70) {
            desk["workers"] = self.dice.pick(&[json!(1), json!(4), json!(32), json!("unlimited")]);
        }
        if self.dice.chance(20)
            && let Some(policy) = self.policy(|uses| uses.inbound)
        {
            desk["inbound"] = json!(policy);
        }
        if self.dice.chance(30) {
            desk["labels"] = json!({ "zone": ["a", "b"] });
        }
        if self.dice.chance(30) {
            desk["on_cancel"] = json!(self.dice.pick(&["ignore", "skip_queued", "stop"]));
        }
        scenario["services"]["desk"] = desk;
        let (name, endpoints) = (self.servers[at].name.clone(), self.servers[at].endpoints.clone());
        for endpoint in endpoints {
            let mut publish = if asks { self.request() } else { self.publish() };
            if is_like && publish["acks"].is_null() {
                publish["acks"] = json!("all");
            }
            let publish = match self.dice.between(0, 3) {
                0 => json!({ "parallel": [publish, [{ "compute": self.law(self.work) }]] }),
                1 => json!({ "chance": "50%", "steps": [publish] }),
                _ => publish,
            };
            let endpoint = &mut scenario["services"][&name]["endpoints"][&endpoint];
            let list = if endpoint.is_array() { endpoint } else { &mut endpoint["steps"] };
            if let Some(steps) = list.as_array_mut() {
                let place = self.dice.between(0, steps.len() as u64) as usize;
                steps.insert(place, publish);
            }
        }
    }

    /// Says what the default of some system does not go with.
    fn settle_with(consume: &mut Value) {
        for (key, value) in [("abandoned", "released"), ("order", "free"), ("share", "messages")] {
            if consume[key].is_null() {
                consume[key] = json!(value);
            }
        }
        if consume["order"] == "key" && consume["ack"].is_null() {
            consume["ack"] = json!("after");
        }
    }

    fn bus(&mut self) -> Value {
        let mut letters = self.settings(
            30,
            &[
                ("partitions", |all| json!(all.dice.between(1, 5))),
                ("keep", |all| json!(all.dice.pick(&["log", "unsettled", "last_of_key"]))),
                ("retain_for", Self::patience),
                ("retain_bytes", |all| json!(all.dice.pick(&[1_000, 100_000]))),
                ("time_to_live", Self::patience),
                ("dedupe", Self::patience),
                ("overflow", |all| json!(all.dice.pick(&["reject", "drop_head", "drop_new"]))),
            ],
        );
        if self.dice.chance(30) || !letters["overflow"].is_null() {
            letters["bound"] = json!(self.dice.pick(&[1, 20, 500]));
        }
        let mut bus = json!({ "topics": { "letters": letters, "dead": {} } });
        bus["places"] = json!(self.dice.between(1, 3));
        if self.dice.chance(60) {
            let often = self.ticks(1, 10).max(1_000);
            bus["flush"] = match self.dice.chance(50) {
                true => json!("always"),
                false => json!({ "every": self.written(often) }),
            };
        }
        if self.dice.chance(30) {
            bus["like"] =
                json!(self.dice.pick(&["kafka", "rabbitmq", "jetstream", "redis", "redis_pubsub"]));
        }
        if self.dice.chance(40) {
            bus["labels"] = json!({ "zone": ["a", "b"] });
        }
        bus
    }

    fn consume(&mut self, at: usize, replies: bool) -> Value {
        let mut consume = self.settings(
            40,
            &[
                ("prefetch", |all| json!(all.dice.pick(&[1, 8, 100]))),
                ("at_once", |all| json!(all.dice.pick(&[1, 4, 50]))),
                ("extend", Self::flag),
                ("dead_letter", |_| json!("bus.dead")),
                ("order", |all| json!(all.dice.pick(&["free", "key"]))),
                ("start", |all| json!(all.dice.pick(&["earliest", "latest"]))),
                ("late_ack", |all| json!(all.dice.pick(&["accept", "fence"]))),
            ],
        );
        let wait = self.ticks(2, 40).max(1_000_000);
        consume["ack_wait"] = json!(self.written(wait));
        consume["attempts"] = json!(self.dice.between(1, 4));
        if consume["order"] != "key" {
            let pause = self.moment();
            consume["pause"] = json!(self.written(pause));
            if self.dice.chance(40) && !replies {
                consume["ack"] = json!(self.dice.pick(&["before", "after"]));
            }
        }
        if replies {
            consume["reply"] = json!(true);
        }
        if self.dice.chance(40) {
            let beat = self.ticks(1, 5).max(1_000_000);
            let (session, poll) = (self.dice.between(3, 9), self.dice.between(3, 90));
            let share = self.dice.pick(&["cooperative", "range", "round_robin"]);
            consume["share"] = json!({ "partitions": share });
            consume["heartbeat"] = json!(self.written(beat));
            consume["session_timeout"] = json!(self.written(beat * session));
            consume["poll_interval"] = json!(self.written(beat * poll));
        } else if self.dice.chance(30) {
            consume["abandoned"] = json!(self.dice.pick(&["released", "kept"]));
        }
        consume["do"] = json!(self.steps(at, 1));
        consume
    }

    fn publish(&mut self) -> Value {
        let mut publish = self.settings(
            30,
            &[
                ("idempotent", Self::flag),
                ("in_flight", |all| json!(all.dice.between(1, 5))),
                ("buffer_bytes", |all| json!(all.dice.pick(&[2_000, 1_000_000]))),
                ("when_full", |all| json!(all.dice.pick(&["error", "drop", "block"]))),
                ("wait", Self::flag),
            ],
        );
        publish["publish"] = json!("bus.letters");
        if self.dice.chance(20) {
            (publish["acks"], publish["wait"]) = (json!("none"), json!(false));
            publish["idempotent"] = json!(false);
        }
        self.posting(publish)
    }

    fn request(&mut self) -> Value {
        let patience = self.ticks(1, 40).max(1_000_000);
        let request = json!({ "request": "bus.letters", "timeout": self.written(patience) });
        self.posting(request)
    }

    /// What both have in common.
    fn posting(&mut self, mut step: Value) -> Value {
        if self.dice.chance(50) {
            step["keyed"] = json!(self.dice.chance(50));
            step["size"] = json!(self.dice.between(64, 1_000));
        }
        if step["acks"].is_null() && self.dice.chance(50) {
            step["acks"] = json!(self.dice.pick(&["leader", "all"]));
        }
        let (linger, timeout) = (self.moment(), self.ticks(1, 20).max(1_000_000));
        step["linger"] = json!(self.written(linger));
        step["request_timeout"] = json!(self.written(timeout));
        let delivery = linger + timeout * self.dice.between(1, 5);
        step["delivery_timeout"] = json!(self.written(delivery));
        step
    }
}
