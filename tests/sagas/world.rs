//! Random worlds of sagas.

use cascadia_runtime::Stream;
use serde_json::{Value, json};

/// When the last fault is over, in seconds.
const FAULTS: u64 = 20;

/// Who does the steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Those who do each command once.
    Once,
    /// Those who do whatever comes.
    Careless,
}

/// What sees to it that steps are done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// An orchestrator.
    Driven,
    /// The events of those before.
    ByEvents,
    /// Nothing: all are done together, or none is.
    Together,
}

/// The world of a seed.
pub(crate) fn file(seed: u64, kind: Kind, form: Form) -> Value {
    let mut draw = Draw(Stream::from_seed(seed));
    let once = kind == Kind::Once;
    let services: Vec<_> = ["inventory", "shipping", "payment", "shop"]
        .map(|name| (name.to_owned(), draw.service(name, once)))
        .into();
    let places = 1 + draw.below(3);
    let faults: Vec<_> = (0..1 + draw.below(6)).map(|_| draw.fault(places, form)).collect();
    let mut saga = match form {
        Form::Driven => draw.driven(places, once),
        Form::ByEvents => draw.by_events(places),
        Form::Together => draw.together(places),
    };
    if places == 2 && draw.often(50) {
        saga.as_object_mut().expect("a saga").remove("places");
        saga["orchestrated_by"] = json!("shop");
    }
    let mut world = json!({
        "version": 1,
        "name": "sagas",
        "run": { "duration": "150s", "warmup": "0s" },
        "ledgers": { "stock": { "start": draw.one(&[5, 100_000]) }, "money": {} },
        "services": services.into_iter().collect::<serde_json::Map<_, _>>(),
        "sagas": { "order": saga },
        "policies": {
            "again": [
                { "retry": { "attempts": 2, "backoff": { "fixed": "1s" } } },
                { "timeout": draw.one(&["2s", "20s"]) },
            ],
            "patient": [{ "timeout": "400ms" }],
        },
        "links": { "default": {
            "latency": { "exp": { "mean": format!("{}us", 1 + draw.below(20_000)) } },
            "loss": format!("{}%", draw.below(5)),
        } },
        "load": { "users": {
            "target": "order",
            "policy": "again",
            "open": { "poisson": format!("{}/s", 1 + draw.below(5)) },
            "until": format!("{FAULTS}s"),
        } },
        "faults": faults,
        "checks": {},
    });
    if draw.often(50) {
        world["load"]["users"]["keys"] = json!({ "uniform": { "of": 1 + draw.below(20) } });
    }
    if form == Form::ByEvents {
        world["brokers"] =
            json!({ "bus": { "places": 1 + draw.below(2), "topics": { "orders": draw.topic() } } });
    }
    if form == Form::Driven && draw.often(30) {
        world["sagas"]["order"]["operator"] = draw.operator();
    }
    world
}

struct Draw(Stream);

impl Draw {
    fn below(&mut self, end: u64) -> u64 {
        self.0.below(end)
    }

    fn often(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }

    fn service(&mut self, name: &str, once: bool) -> Value {
        let (ledger, amount) = match name {
            "payment" => ("money", 30),
            _ => ("stock", -1),
        };
        let mut endpoint = |amount: i64, fails: bool| {
            let mean = format!("{}ms", 1 + self.below(100));
            let mut steps = vec![json!({ "compute": { "exp": { "mean": mean } } })];
            if fails && self.often(50) {
                let status = self.one(&[402, 503]);
                steps.push(json!({ "fail": format!("{}%", 1 + self.below(40)), "status": status }));
            }
            if name != "shop" {
                steps.push(json!({ "enter": ledger, "amount": amount }));
            }
            json!({ "once": once, "steps": steps })
        };
        json!({
            "replicas": 2,
            "workers": 64,
            "endpoints": { "do": endpoint(amount, name != "shop"), "undo": endpoint(-amount, false) },
        })
    }

    fn saga(&mut self, places: u64) -> Value {
        let mut step = |name: &str| {
            let mut step = json!({
                "name": name,
                "call": format!("{name}.do"),
                "timeout": self.one(&["150ms", "1s"]),
                "attempts": 1 + self.below(4),
                "undo_attempts": 1_000,
                "pause": self.one(&["10ms", "200ms"]),
            });
            if self.often(30) {
                step["policy"] = json!("patient");
            }
            step
        };
        let mut steps = ["inventory", "shipping", "payment", "shop"].map(&mut step);
        steps[0]["undo"] = json!("inventory.undo");
        steps[1]["undo"] = json!("shipping.undo");
        steps[2]["pivot"] = json!(true);
        if self.often(50) {
            steps[2]["undo"] = json!("payment.undo");
        }
        json!({
            "places": places,
            "steps": steps,
            "timeout": self.one(&["1s", "10s"]),
            "write": self.one(&["1ms", "20ms"]),
            "lease": self.one(&["3s", "8s"]),
            "skew": self.one(&["100ms", "500ms"]),
            "sweep": self.one(&["500ms", "2s"]),
        })
    }

    /// Some of the steps are done together, wait for something, or lock what they are about if they can.
    fn driven(&mut self, places: u64, once: bool) -> Value {
        let mut saga = self.saga(places);
        saga["commit"] = json!("each");
        saga["siblings"] = json!(self.one(&["wait", "cancel"]));
        saga["on_cancel"] = json!(self.one(&["ignore", "go_back"]));
        saga["steps"][1]["beside"] = json!(self.often(50));
        if self.often(40) {
            // A service that does several steps hears of a saga more than once.
            saga["steps"][1]["call"] = json!("inventory.do");
            saga["steps"][1]["undo"] = json!("inventory.undo");
        }
        for step in [0, 1].into_iter().filter(|_| once) {
            if self.often(40) {
                let step = &mut saga["steps"][step];
                step["lock"] = json!(self.one(&["fail", "wait", "stash"]));
                step["lock_wait"] = json!(self.one(&["300ms", "3s"]));
                step["lock_pause"] = json!(self.one(&["100ms", "300ms"]));
            }
        }
        if self.often(30) {
            let after = json!({ "exp": { "mean": self.one(&["50ms", "1s"]) } });
            let share = self.one(&["80%", "100%"]);
            saga["steps"][2]["signal"] = json!({ "after": after, "share": share });
        }
        saga
    }

    /// Somebody who sees to sagas during the faults and behind them.
    fn operator(&mut self) -> Value {
        let mut order = || {
            let at = format!("{}s", 1 + self.below(2 * FAULTS));
            match self.below(3) {
                0 => json!({ "at": at, "order": "retry" }),
                1 => {
                    json!({ "at": at, "order": "skip", "step": self.one(&["inventory", "payment"]) })
                }
                _ => json!({ "at": at, "order": "force" }),
            }
        };
        json!([order(), order()])
    }

    fn by_events(&mut self, places: u64) -> Value {
        let mut saga = self.saga(places);
        for step in saga["steps"].as_array_mut().into_iter().flatten() {
            let step = step.as_object_mut().expect("a step");
            for key in ["policy", "timeout", "attempts", "undo_attempts"] {
                step.remove(key);
            }
        }
        saga.as_object_mut().expect("a saga").remove("timeout");
        saga["over"] = json!("bus.orders");
        saga["lease"] = json!(self.one(&["3s", "5s"]));
        saga["ack_wait"] = json!(self.one(&["1s", "5s"]));
        saga["at_once"] = json!(self.one(&[1, 4, 16]));
        saga["stuck_after"] = json!("60s");
        saga
    }

    fn together(&mut self, places: u64) -> Value {
        let mut saga = self.saga(places);
        for step in saga["steps"].as_array_mut().into_iter().flatten() {
            let step = step.as_object_mut().expect("a step");
            for key in ["undo", "pivot", "attempts", "undo_attempts", "pause"] {
                step.remove(key);
            }
        }
        for key in ["lease", "skew"] {
            saga.as_object_mut().expect("a saga").remove(key);
        }
        saga["commit"] = json!("two_phase");
        saga["sweep"] = json!(self.one(&["50ms", "500ms"]));
        saga
    }

    fn topic(&mut self) -> Value {
        let keep = self.one(&["log", "unsettled"]);
        let mut topic = json!({ "partitions": 1 + self.below(4), "keep": keep });
        if self.often(30) {
            topic["dedupe"] = json!("1m");
        }
        topic
    }

    fn fault(&mut self, places: u64, form: Form) -> Value {
        let orchestrator = format!("order/{}", self.below(places));
        let service = self.one(&["inventory", "shipping", "payment", "shop"]).to_owned();
        let target = match self.below(3) {
            0 => "order".to_owned(),
            1 => orchestrator.clone(),
            _ => service.clone(),
        };
        let (target, kinds) = match form {
            Form::Driven | Form::Together => (target, 6),
            Form::ByEvents => (self.one(&[&*target, "bus", &*service]).to_owned(), 8),
        };
        let rate = format!("{}%", 1 + self.below(60));
        let mut fault = match self.below(kinds) {
            6 => json!({ "duplicate": { "to": "bus", "rate": rate, "within": "2s" } }),
            7 => json!({ "reorder": { "to": "bus", "rate": rate, "within": "500ms" } }),
            0 => json!({ "crash": { "target": target } }),
            1 => json!({ "refuse": { "target": target } }),
            2 => json!({ "partition": { "from": orchestrator, "to": service } }),
            3 => json!({ "loss": { "from": target, "rate": rate } }),
            4 => json!({ "slow": { "target": service, "factor": 1 + self.below(20) } }),
            _ => json!({ "clock": { "target": orchestrator, "ahead": "10s" } }),
        };
        if fault["partition"].is_object() && self.often(50) {
            fault["partition"]["direction"] = "forward".into();
        }
        let at = self.below(FAULTS * 1_000);
        fault["at"] = json!(format!("{at}ms"));
        fault["for"] = json!(format!("{}ms", 1 + self.below(FAULTS * 1_000 - at)));
        fault
    }
}
