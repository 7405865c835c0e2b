//! Services: who there is, and what each of them does.

use serde_json::{Value, json};

use super::Generator;
use super::dice::Dice;
use super::layers::discipline;
use super::names::ENDPOINTS;
use crate::generated::world::resolve;

/// The codes of gRPC that are errors.
pub(super) const CODES: [&str; 16] = [
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
];

/// A service as far as others need to know it.
pub(super) struct Server {
    pub(super) name: String,
    pub(super) replicas: u64,
    pub(super) workers: Option<u64>,
    pub(super) endpoints: Vec<String>,
}

impl Generator {
    /// Draws who there is. A service calls only those after it, so no call goes in a circle.
    pub(super) fn draw_servers(&mut self) {
        let count = if self.single { 1 } else { self.dice.between(1, 4) };
        let mut taken = Vec::new();
        for _ in 0..count + u64::from(self.dice.chance(50)) {
            let name = self.names.another(&mut self.dice, &taken);
            taken.push(name.clone());
            let server = self.server(name);
            self.servers.push(server);
        }
        // Where dots and spaces are in names, not every endpoint can be told from every service.
        while let Some(at) = self.servers.iter().position(|server| !self.can_be_named(server)) {
            self.servers[at].name = format!("service-{at}");
        }
    }

    fn server(&mut self, name: String) -> Server {
        let mut endpoints = ENDPOINTS.map(str::to_owned).to_vec();
        self.dice.shuffle(&mut endpoints);
        endpoints.truncate(self.dice.pick(&[1, 1, 1, 2, 3]));
        Server {
            name,
            replicas: self.dice.weighted(&[(50, 1), (20, 2), (20, 3), (8, 5), (2, 100)]),
            workers: (!self.dice.chance(20)).then(|| self.dice.pick(&[1, 1, 2, 4, 8, 64])),
            endpoints,
        }
    }

    fn can_be_named(&self, server: &Server) -> bool {
        server.endpoints.iter().all(|endpoint| !self.ways_to_name(server, endpoint).is_empty())
    }

    /// Every text that means an endpoint of a service and nothing else.
    fn ways_to_name(&self, server: &Server, endpoint: &str) -> Vec<String> {
        let known: Vec<(&str, &[String])> =
            self.servers.iter().map(|all| (all.name.as_str(), all.endpoints.as_slice())).collect();
        let name = &server.name;
        let texts = [name.clone(), format!("{name}.{endpoint}"), format!("{name} {endpoint}")];
        let meant = Some((name.as_str(), endpoint));
        texts.into_iter().filter(|text| resolve(text, &known) == meant).collect()
    }

    /// A text that means some endpoint of a service.
    pub(super) fn target(&mut self, at: usize) -> String {
        let endpoint = self.dice.pick(&self.servers[at].endpoints);
        let ways = self.ways_to_name(&self.servers[at], &endpoint);
        self.dice.pick(&ways)
    }

    /// The same of one that calls nobody, if anybody else is there.
    pub(super) fn spare_target(&mut self) -> Option<String> {
        (self.servers.len() > 1).then(|| self.target(self.servers.len() - 1))
    }

    pub(super) fn services(&mut self) -> Value {
        let mut services = json!({});
        for at in 0..self.servers.len() {
            let service = self.service(at);
            services[&self.servers[at].name] = service;
        }
        services
    }

    fn service(&mut self, at: usize) -> Value {
        let mut service = self.settings(
            25,
            &[
                ("on_cancel", |all| json!(all.dice.pick(&["ignore", "skip_queued", "stop"]))),
                ("forward_deadline", Self::flag),
                ("refusal", Self::patience),
                ("trace", |all| json!(all.dice.pick(&["forward", "drop"]))),
                ("queue", queue),
            ],
        );
        let Server { replicas, workers, endpoints, .. } = &self.servers[at];
        let (replicas, workers, endpoints) = (*replicas, *workers, endpoints.clone());
        if replicas > 1 || self.dice.chance(20) {
            service["replicas"] = json!(replicas);
        }
        match workers {
            None => service["workers"] = json!("unlimited"),
            Some(1) if self.dice.chance(50) => {}
            Some(workers) => service["workers"] = json!(workers),
        }
        if self.dice.chance(35)
            && let Some(policy) = self.policy(|uses| uses.inbound)
        {
            service["inbound"] = json!(policy);
        }
        if self.dice.chance(30) {
            service["labels"] = self.labels();
        }
        for endpoint in endpoints {
            let steps = self.steps(at, 2);
            let plain = !self.dice.chance(25);
            service["endpoints"][&endpoint] = match plain {
                true => json!(steps),
                false => json!({ "idempotent": self.dice.chance(70), "steps": steps }),
            };
        }
        service
    }

    fn labels(&mut self) -> Value {
        match self.dice.chance(50) {
            true => json!({ "zone": self.dice.pick(&["a", "b"]), "tier": "gold" }),
            false => json!({ "zone": ["a", "b"] }),
        }
    }

    /// What the service number `at` does, with branches in branches so many levels down.
    pub(super) fn steps(&mut self, at: usize, deep: u64) -> Vec<Value> {
        let leaf = at + 1 >= self.servers.len();
        let mean = self.work_of(at);
        let mut steps = Vec::new();
        if leaf || self.dice.chance(70) {
            steps.push(json!({ "compute": self.law(mean) }));
        }
        if self.dice.chance(6) {
            let share = self.fails();
            steps.push(fail(&mut self.dice, share));
        }
        if self.dice.chance(4) {
            steps.push(self.answer());
        }
        if deep > 0 && self.dice.chance(6) {
            steps.push(self.chance(at, deep - 1));
        }
        if self.dice.chance(40) {
            steps.extend(self.row_step(leaf));
        }
        if deep > 0 && self.dice.chance(4) {
            steps.push(self.choose(at, deep - 1));
        }
        if deep > 0 && self.dice.chance(4) {
            steps.push(self.repeat(at, deep - 1));
        }
        if leaf {
            self.dice.shuffle(&mut steps);
            return if self.dice.chance(3) { Vec::new() } else { steps };
        }
        for _ in 0..self.dice.pick(&[1, 1, 1, 2]) {
            let step = match deep > 0 && self.dice.chance(25) {
                true => json!({ "parallel": self.branches(at, deep - 1) }),
                false => self.call(at),
            };
            steps.push(step);
        }
        self.dice.shuffle(&mut steps);
        steps
    }

    fn chance(&mut self, at: usize, deep: u64) -> Value {
        let share = self.share(0, 100);
        let mut chance = json!({ "chance": share, "steps": self.steps(at, deep) });
        if self.dice.chance(50) {
            chance["otherwise"] = json!(self.steps(at, deep));
        }
        chance
    }

    fn choose(&mut self, at: usize, deep: u64) -> Value {
        let way = |all: &mut Self, weight: Value| json!({ "weight": weight, "steps": all.steps(at, deep) });
        let first = self.factor(1, 40);
        let mut ways = vec![way(self, first)];
        for _ in 0..self.dice.between(0, 2) {
            let weight = self.factor(0, 40);
            ways.push(way(self, weight));
        }
        if self.dice.chance(30) {
            ways.push(json!({ "steps": self.steps(at, deep) }));
        }
        let mut choose = json!({ "choose": ways });
        if self.dice.chance(60) {
            choose["by"] = json!(self.dice.pick(&["request", "key"]));
        }
        choose
    }

    fn repeat(&mut self, at: usize, deep: u64) -> Value {
        let least = self.dice.between(0, 2);
        let times = match self.dice.chance(50) {
            true => json!(least),
            false => json!({ "min": least, "max": self.dice.between(least, 3) }),
        };
        json!({ "repeat": times, "steps": self.steps(at, deep) })
    }

    fn answer(&mut self) -> Value {
        let any = self.dice.between(200, 399);
        let mut answer = json!({ "answer": self.dice.pick(&[200, 201, 204, 301, 304, any]) });
        if self.dice.chance(80) {
            answer["share"] = self.fails();
        }
        answer
    }

    fn fails(&mut self) -> Value {
        match self.dice.chance(15) {
            true => json!(self.dice.pick(&["0%", "100%"])),
            false => self.share(1, 60),
        }
    }

    fn branches(&mut self, at: usize, deep: u64) -> Vec<Value> {
        let mut branches = Vec::new();
        for _ in 0..self.dice.between(1, 3) {
            let branch = match self.dice.chance(50) {
                true => self.call(at),
                false => json!(self.steps(at, deep)),
            };
            branches.push(branch);
        }
        branches
    }

    fn call(&mut self, at: usize) -> Value {
        let other = self.dice.between(at as u64 + 1, self.servers.len() as u64 - 1) as usize;
        let mut call = json!({ "call": self.target(other) });
        if self.dice.chance(60)
            && let Some(policy) = self.policy(|_| true)
        {
            call["policy"] = json!(policy);
        }
        call
    }
}

/// A step that fails this share of requests, with a status or without.
pub(super) fn fail(dice: &mut Dice, share: Value) -> Value {
    let mut step = json!({ "fail": share });
    if let Some(status) = status(dice) {
        step["status"] = status;
    }
    step
}

/// What an error is called, if it is called anything.
pub(super) fn status(dice: &mut Dice) -> Option<Value> {
    match dice.between(0, 2) {
        0 => None,
        1 => {
            let any = dice.between(400, 599);
            Some(json!(dice.pick(&[404, 408, 425, 429, 500, 501, 503, any])))
        }
        _ => Some(json!(dice.pick(&CODES))),
    }
}

pub(super) fn queue(all: &mut Generator) -> Value {
    all.settings(
        60,
        &[
            ("capacity", |all| match all.dice.chance(10) {
                true => Value::Null,
                false => all.number(0, 20),
            }),
            ("discipline", discipline),
        ],
    )
}
