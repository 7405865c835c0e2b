//! Random worlds of publishers, a broker and consumers, and what goes wrong in them.

use cascadia_runtime::Stream;
use serde_json::{Value, json};

/// How a world is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing that a publisher was told to be there is lost.
    AtLeastOnce,
    /// Nothing is done twice.
    AtMostOnce,
    /// As the first, and each message is a request, which no requester forgets.
    Requests,
    /// As the first, but for a broker that syncs too late.
    Careless,
    /// Anything that can be written: what follows from that is kept.
    Anything,
}

/// Load comes in the first of these seconds, faults in the first two thirds; then all must come to rest.
const SECONDS: u64 = 120;
const LOAD: u64 = 20;
const FAULTS: u64 = 40;

pub(crate) struct Generator {
    draws: Stream,
    kind: Kind,
}

impl Generator {
    pub(crate) fn new(seed: u64, kind: Kind) -> Self {
        Self { draws: Stream::from_seed(seed), kind }
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.draws.below(bound)
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }

    fn often(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// The file of a world.
    pub(crate) fn file(mut self) -> Value {
        let places = 1 + self.below(3);
        let mut services = serde_json::Map::new();
        services.insert("shop".into(), self.shop());
        let consumers = 1 + self.below(2);
        let has_ids = has_ids(&services["shop"]);
        for number in 0..consumers {
            services.insert(format!("desk{number}"), self.desk(has_ids));
        }
        let flush = match self.kind {
            Kind::Careless => json!({ "every": "5s" }),
            _ => json!("always"),
        };
        let keep = self.one(&["log", "unsettled"]);
        let mut orders = json!({ "partitions": 1 + self.below(4), "keep": keep });
        let mut dead = json!({});
        if self.kind != Kind::Careless {
            self.replicate(&mut orders, places);
            self.replicate(&mut dead, places);
        }
        if self.kind == Kind::Anything {
            self.loosen_topic(&mut orders);
        }
        let topics = json!({ "orders": orders, "dead": dead });
        let mut bus = json!({ "places": places, "flush": flush, "topics": topics,
            "replica_lag": self.one(&["2s", "5s", "30s"]) });
        if self.kind == Kind::Anything {
            bus["unclean_election"] = json!(self.often(30));
            bus["labels"] = json!({ "zone": ["a", "b"] });
            bus["disk"] = json!({ "sync": self.one(&["100us", "20ms"]), "write": "1us", "read": "1us",
                "size_bytes": 1_000_000_000_u64, "bytes_per_second": 100_000_000_u64 });
            bus["flush"] = match self.often(50) {
                true => json!("always"),
                false => json!({ "every": "200ms" }),
            };
        }
        let mut faults: Vec<Value> =
            (0..1 + self.below(5)).map(|_| self.fault(places, consumers)).collect();
        if self.kind == Kind::Careless {
            let at = format!("{}ms", 5_000 + self.below(10_000));
            faults.push(json!({ "crash": { "target": "bus" }, "at": at, "for": "1s" }));
            faults.push(
                json!({ "slow": { "target": "desk0", "factor": 100 }, "for": "20s", "at": "0s" }),
            );
        }
        json!({
            "version": 1,
            "name": "messages",
            "run": { "duration": format!("{SECONDS}s"), "warmup": "0s" },
            "services": services,
            "stores": {
                "books": { "read": "1ms", "write": "1ms", "outbox": self.outbox() },
                "ledger": { "read": "1ms", "write": "1ms" },
            },
            "policies": {
                "again": [
                    { "retry": { "attempts": 3, "unsafe": true, "backoff": { "fixed": "1s" } } },
                    { "timeout": "2s" },
                ],
                "patient": [{ "timeout": "1s" }],
            },
            "brokers": { "bus": bus },
            "links": { "default": self.link() },
            "load": { "users": {
                "target": "shop",
                "policy": "again",
                "open": { "poisson": format!("{}/s", 1 + self.below(40)) },
                "until": format!("{LOAD}s"),
                "keys": { "uniform": { "of": 10 + self.below(20) } },
            } },
            "faults": faults,
            "checks": {},
        })
    }

    fn replicate(&mut self, topic: &mut Value, places: u64) {
        let replicas = 1 + self.below(places);
        topic["replicas"] = json!(replicas);
        topic["min_insync"] = json!(1 + self.below(replicas));
    }

    fn link(&mut self) -> Value {
        let mut link =
            json!({ "latency": { "exp": { "mean": format!("{}us", 1 + self.below(5_000)) } } });
        if self.often(30) {
            link["loss"] = json!(format!("{}%", 1 + self.below(5)));
        }
        link
    }

    fn shop(&mut self) -> Value {
        let mut publish = json!({
            "acks": self.one(&["all", "leader"]),
            "keyed": self.often(50),
            "linger": self.one(&["0s", "5ms", "100ms"]),
            "request_timeout": self.one(&["500ms", "2s", "10s"]),
            "delivery_timeout": "20s",
        });
        match self.kind {
            Kind::Requests => {
                publish["request"] = json!("bus.orders");
                publish["timeout"] = json!(self.one(&["50ms", "500ms", "5s", "30s"]));
                publish["size"] = json!(64 + self.below(1_000));
            }
            _ => {
                publish["publish"] = json!("bus.orders");
                publish["in_flight"] = json!(1 + self.below(5));
            }
        }
        if self.kind == Kind::Anything {
            self.loosen_publish(&mut publish);
        }
        if self.kind != Kind::Requests {
            publish["id"] = json!(self.one(&["none", "attempt", "request"]));
        }
        if publish["publish"].is_string() && self.often(30) {
            publish = self.transaction(&publish);
        }
        json!({
            "replicas": 1 + self.below(2),
            "workers": "unlimited",
            "endpoints": { "order": [publish] },
        })
    }

    /// A transaction that publishes the same, as far as a relay can.
    fn transaction(&mut self, publish: &Value) -> Value {
        let mut relayed = json!({});
        for key in
            ["publish", "keyed", "size", "id"].iter().filter(|key| publish.get(key).is_some())
        {
            relayed[key] = publish[key].clone();
        }
        let wait = json!({ "compute": { "exp": { "mean": "5ms" } } });
        let mut steps = vec![relayed, json!({ "write": "books" }), wait];
        let last = self.below(3) as usize;
        steps.swap(0, last);
        json!({ "transaction": "books", "steps": steps, "policy": "patient" })
    }

    fn outbox(&mut self) -> Value {
        let reads = match self.kind {
            Kind::Anything => self.one(&["start", "last"]),
            _ => "start",
        };
        json!({
            "reads": reads,
            "batch": 1 + self.below(100),
            "query_delay": self.one(&["100ms", "5s"]),
            "timeout": self.one(&["500ms", "2s"]),
            "lease": self.one(&["7s", "30s"]),
        })
    }

    fn desk(&mut self, has_ids: bool) -> Value {
        // Acknowledged now and then only, a key would move on now and then only.
        let is_ordered = self.kind != Kind::AtMostOnce && self.often(30);
        let kind = self.kind;
        let ack = match kind {
            Kind::AtMostOnce => json!("before"),
            _ if !is_ordered && self.often(20) => json!({ "auto": self.one(&["10ms", "200ms"]) }),
            _ => json!("after"),
        };
        let mut work =
            vec![json!({ "compute": { "exp": { "mean": format!("{}ms", 1 + self.below(40)) } } })];
        if self.often(40) {
            work.push(json!({ "fail": format!("{}%", 1 + self.below(30)) }));
        }
        if has_ids && self.often(50) {
            let once = self.one(&["2s", "30m"]);
            let steps = json!([{ "write": "ledger" }]);
            work.push(json!({
                "transaction": "ledger", "once": once, "steps": steps, "policy": "patient",
            }));
        }
        let mut consume = json!({
            "prefetch": 8 + self.below(50),
            "ack": ack,
            "ack_wait": self.one(&["5s", "30s"]),
            "extend": self.often(50),
            "attempts": 3 + self.below(20),
            "pause": if is_ordered { "10ms" } else { self.one(&["0s", "10ms", "1s"]) },
            "do": work,
        });
        if kind == Kind::Requests {
            consume["reply"] = json!(true);
        }
        if self.often(60) {
            consume["dead_letter"] = json!("bus.dead");
        }
        if is_ordered || self.often(20) {
            consume["order"] = json!(if is_ordered { "key" } else { "free" });
        }
        if self.kind == Kind::Anything {
            self.loosen_consume(&mut consume);
        }
        if consume["group"].is_null() && self.often(50) {
            // What nobody has a say in after its time is never done where all takes longer.
            consume["extend"] = json!(true);
            consume["share"] =
                json!({ "partitions": self.one(&["cooperative", "range", "round_robin"]) });
            consume["session_timeout"] = json!(self.one(&["6s", "15s", "45s"]));
            consume["heartbeat"] = json!(self.one(&["1s", "3s"]));
            consume["poll_interval"] = json!(self.one(&["5s", "20s", "300s"]));
        }
        json!({
            "replicas": 1 + self.below(3),
            "workers": 1 + self.below(16),
            "consume": { "bus.orders": consume },
        })
    }

    fn loosen_topic(&mut self, topic: &mut Value) {
        topic["keep"] = json!(self.one(&["log", "unsettled", "last_of_key"]));
        topic["dedupe"] = json!(self.one(&["0s", "1m"]));
        for (key, value) in [
            ("retain_for", json!("10s")),
            ("retain_bytes", json!(10_000)),
            ("time_to_live", json!("5s")),
            ("bound", json!(20)),
            ("overflow", json!(self.one(&["reject", "drop_head", "drop_new"]))),
        ] {
            if self.often(40) {
                topic[key] = value;
            }
        }
    }

    fn loosen_publish(&mut self, publish: &mut Value) {
        publish["size"] = json!(64 + self.below(1_000));
        publish["buffer_bytes"] = json!(1_000 + self.below(100_000));
        publish["when_full"] = json!(self.one(&["error", "drop", "block"]));
        if self.often(30) {
            (publish["acks"], publish["wait"]) = (json!("none"), json!(false));
        } else {
            publish["idempotent"] = json!(self.often(50));
            publish["wait"] = json!(self.often(70));
        }
    }

    fn loosen_consume(&mut self, consume: &mut Value) {
        consume["at_once"] = json!(1 + self.below(20));
        // Shorter than what is prefetched takes: it comes again and again.
        consume["ack_wait"] = json!(self.one(&["500ms", "1s", "5s"]));
        if self.often(30) {
            consume["group"] = json!("all");
            consume["share"] = json!("messages");
        }
        if self.often(30) {
            consume["pause"] = json!({ "first": "10ms", "most": "1s" });
        }
        if self.often(30) {
            consume["kill_switch"] =
                json!({ "least": 10, "share": "50%", "window": "10s", "stop": "5s" });
        }
        if self.often(40) && consume["order"].is_null() {
            consume["ack"] = json!("before");
        }
        consume["start"] = json!(self.one(&["earliest", "earliest", "latest"]));
        consume["late_ack"] = json!(self.one(&["accept", "fence"]));
        if !consume["group"].is_null() {
            consume["abandoned"] = json!(self.one(&["released", "kept"]));
        }
    }

    fn fault(&mut self, places: u64, consumers: u64) -> Value {
        let broker = format!("bus/{}", self.below(places));
        let consumer = format!("desk{}", self.below(consumers));
        let target = match self.below(5) {
            0 => "shop".to_owned(),
            4 => self.one(&["books", "ledger"]).to_owned(),
            1 => consumer.clone(),
            _ => broker.clone(),
        };
        let rate = format!("{}%", 1 + self.below(60));
        let mut fault = match self.below(12) {
            0 | 1 => json!({ "crash": { "target": target } }),
            2 | 3 => json!({ "refuse": { "target": target } }),
            4 => json!({ "partition": { "from": target, "to": broker } }),
            5 => json!({ "loss": { "from": target, "rate": rate } }),
            6 => json!({ "duplicate": { "from": target, "rate": rate, "within": "50ms" } }),
            7 => json!({ "reorder": { "from": target, "rate": rate, "within": "50ms" } }),
            8 if places > 1 => {
                let (from, by) = (self.below(places), 1 + self.below(places - 1));
                let to = (from + by) % places;
                json!({ "partition": { "from": format!("bus/{from}"), "to": format!("bus/{to}") } })
            }
            9 => json!({ "crash": { "target": "bus" } }),
            10 => json!({ "scale": { "target": consumer, "to": 1 + self.below(4) } }),
            _ => json!({ "slow": { "target": consumer, "factor": 1 + self.below(20) } }),
        };
        if fault["partition"]["from"] == fault["partition"]["to"] && fault["partition"].is_object()
        {
            fault["partition"]["from"] = json!("shop");
        }
        if fault["partition"].is_object() && self.often(30) {
            fault["partition"]["direction"] = "forward".into();
        }
        for kind in ["duplicate", "reorder"] {
            if fault[kind].is_object() && self.often(50) {
                fault[kind]["to"] = json!("bus");
            }
        }
        let at = self.below(FAULTS * 1_000);
        fault["at"] = json!(format!("{at}ms"));
        fault["for"] = json!(format!("{}ms", 1 + self.below(FAULTS * 1_000 - at)));
        fault
    }
}

/// Whether what a shop publishes has ids to be known by.
fn has_ids(shop: &Value) -> bool {
    let step = &shop["endpoints"]["order"][0];
    step["transaction"].is_string() || !["none", ""].contains(&step["id"].as_str().unwrap_or(""))
}
