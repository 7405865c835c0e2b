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

/// The world of a seed.
pub(crate) fn file(seed: u64, kind: Kind) -> Value {
    let mut draw = Draw(Stream::from_seed(seed));
    let once = kind == Kind::Once;
    let services: Vec<_> = ["inventory", "shipping", "payment", "shop"]
        .map(|name| (name.to_owned(), draw.service(name, once)))
        .into();
    let places = 1 + draw.below(3);
    let faults: Vec<_> = (0..1 + draw.below(6)).map(|_| draw.fault(places)).collect();
    let saga = draw.saga(places);
    json!({
        "version": 1,
        "name": "sagas",
        "run": { "duration": "150s", "warmup": "0s" },
        "ledgers": { "stock": { "start": draw.one(&[5, 100_000]) }, "money": {} },
        "services": services.into_iter().collect::<serde_json::Map<_, _>>(),
        "sagas": { "order": saga },
        "policies": {
            "again": [{ "retry": { "attempts": 2, "backoff": { "fixed": "1s" } } }, { "timeout": "20s" }],
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
    })
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

    fn fault(&mut self, places: u64) -> Value {
        let orchestrator = format!("order/{}", self.below(places));
        let service = self.one(&["inventory", "shipping", "payment", "shop"]).to_owned();
        let target = match self.below(3) {
            0 => "order".to_owned(),
            1 => orchestrator.clone(),
            _ => service.clone(),
        };
        let rate = format!("{}%", 1 + self.below(60));
        let mut fault = match self.below(6) {
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
