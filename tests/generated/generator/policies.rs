//! Policies: layers in every order in which they may stand.

use serde_json::{Value, json};

use super::Generator;
use super::layers::{Kind, Place, draw, kinds};

/// A policy, and where it may be named.
pub(super) struct Policy {
    pub(super) name: String,
    pub(super) layers: Value,
    pub(super) uses: Uses,
}

/// Where a policy may be named besides a load and a call.
#[derive(Clone, Copy)]
pub(super) struct Uses {
    /// As the inbound one of a service.
    pub(super) inbound: bool,
    /// As that of a store.
    pub(super) store: bool,
    /// By a fallback.
    pub(super) fallback: bool,
}

/// Stacks as they are usually written, and those of which much has gone wrong elsewhere.
const USUAL: [&[&str]; 16] = [
    &["timeout"],
    &["timeout", "retry", "timeout"],
    &["retry", "balance", "breaker", "timeout"],
    &["balance", "breaker", "timeout"],
    &["retry", "balance", "breaker"],
    &["timeout", "hedge", "fallback", "balance"],
    &["hedge", "balance"],
    &["retry", "balance"],
    &["retry", "retry"],
    &["outlier", "balance", "bulkhead"],
    &["retry", "outlier", "balance", "timeout"],
    &["breaker", "bulkhead"],
    &["breaker"],
    &["breaker", "deadline"],
    &["balance", "fallback", "timeout"],
    &["fallback", "timeout"],
];

/// The same before a queue.
const USUAL_INBOUND: [&[&str]; 7] = [
    &["deadline"],
    &["bulkhead"],
    &["timeout"],
    &["deadline", "bulkhead"],
    &["retry", "timeout"],
    &["shed"],
    &["idempotency"],
];

/// What a policy is drawn for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Calls,
    Inbound,
    Fallback,
}

impl Generator {
    /// Draws the policies. Those that fallbacks name come first.
    pub(super) fn draw_policies(&mut self) {
        let roles = [Role::Fallback, Role::Inbound, Role::Calls, Role::Calls];
        let mut taken = Vec::new();
        for role in roles {
            for _ in 0..self.dice.between(u64::from(role == Role::Calls), 2) {
                let name = self.names.another(&mut self.dice, &taken);
                taken.push(name.clone());
                let layers = self.stack(role);
                let uses = uses(&layers);
                self.policies.push(Policy { name, layers: Value::Array(layers), uses });
            }
        }
    }

    /// The name of a policy that may be used so.
    pub(super) fn policy(&mut self, suits: fn(Uses) -> bool) -> Option<String> {
        let suiting = self.policies.iter().filter(|policy| suits(policy.uses));
        let names: Vec<String> = suiting.map(|policy| policy.name.clone()).collect();
        (!names.is_empty()).then(|| self.dice.pick(&names))
    }

    fn stack(&mut self, role: Role) -> Vec<Value> {
        let usual = match role {
            Role::Calls => &USUAL[..],
            Role::Inbound => &USUAL_INBOUND[..],
            Role::Fallback => &[],
        };
        if !usual.is_empty() && self.dice.chance(40) {
            let names = self.dice.pick(usual);
            return names.iter().map(|name| self.layer(name, role)).collect();
        }
        let may = |kind: &&Kind| match role {
            Role::Calls => [Place::Anywhere, Place::Sending, Place::Outside].contains(&kind.place),
            Role::Inbound => kind.place == Place::Anywhere,
            Role::Fallback => {
                kind.in_fallback && [Place::Anywhere, Place::Sending].contains(&kind.place)
            }
        };
        let kinds: Vec<Kind> = kinds().iter().filter(may).copied().collect();
        let count = self.dice.pick(&[0, 1, 1, 2, 2, 3, 4, 6]);
        let mut drawn: Vec<Kind> = (0..count).map(|_| self.kind(&kinds)).collect();
        if role != Role::Inbound && self.dice.chance(60) {
            self.balanced(&mut drawn);
        }
        drawn.iter().map(|kind| self.layer(kind.name, role)).collect()
    }

    /// One of the kinds; those that most policies are made of are more likely.
    fn kind(&mut self, kinds: &[Kind]) -> Kind {
        let usual = ["timeout", "retry", "breaker", "bulkhead", "hedge", "deadline"];
        let weight = |kind: &Kind| if usual.contains(&kind.name) { 3 } else { 1 };
        let weighted: Vec<_> = kinds.iter().map(|kind| (weight(kind), *kind)).collect();
        self.dice.weighted(&weighted)
    }

    /// Puts a balancer somewhere, what must stand before it there, and perhaps one that watches
    /// its choices directly before it.
    fn balanced(&mut self, drawn: &mut Vec<Kind>) {
        let (mut before, mut others): (Vec<Kind>, Vec<Kind>) =
            drawn.drain(..).partition(|kind| kind.place == Place::Outside);
        let inside = others.split_off(self.dice.between(0, others.len() as u64) as usize);
        before.append(&mut others);
        self.dice.shuffle(&mut before);
        let of = |place| kinds().iter().filter(move |kind| kind.place == place).copied();
        if self.dice.chance(25) {
            before.extend(of(Place::Beside));
        }
        drawn.extend(before.into_iter().chain(of(Place::Middle)).chain(inside));
    }

    fn layer(&mut self, name: &str, role: Role) -> Value {
        let calls = name == "fallback" && role == Role::Inbound;
        let value = if calls { json!("default") } else { draw(self, name) };
        json!({ name: value })
    }
}

fn uses(layers: &[Value]) -> Uses {
    let all = |may: fn(&Kind) -> bool| {
        let known = |layer: &Value| kinds().iter().find(|kind| layer.get(kind.name).is_some());
        layers.iter().filter_map(known).all(may)
    };
    let calls = |layer: &Value| layer["fallback"].to_string().contains("call");
    // A store that asks itself before it answers never does.
    let asks = |layer: &Value| !layer["idempotency"]["store"].is_null();
    let inbound = all(|kind| kind.place == Place::Anywhere) && !layers.iter().any(calls);
    Uses {
        inbound,
        store: inbound && !layers.iter().any(asks),
        fallback: all(|kind| kind.in_fallback),
    }
}
