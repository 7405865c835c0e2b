//! Names as people give them, and as nobody should.

use super::dice::Dice;

/// Names that nothing is wrong with.
const PLAIN: [&str; 8] = ["api", "db", "cache", "users", "orders", "edge", "standard", "mobile"];

/// Names that look like something else: a replica, a client, a layer, a path, a part of a longer
/// name, a word of the language, or code in one of the places that names come to.
const ODD: [&str; 40] = [
    "a",
    "a/0",
    "a/1",
    "users/0",
    "users/1",
    "api/0",
    "inbound",
    "default",
    "description",
    "a.b",
    "api.read",
    "a → b",
    "users → db",
    "api → db breaker",
    "p.retry → a",
    "standard fallback 1",
    "standard[0]",
    "standard.retry",
    "db breaker of standard",
    "timeout",
    "retry",
    "offered",
    "during",
    "all",
    "zone=a",
    "two words",
    " padded ",
    "größe",
    "数据库",
    "🦀",
    "\"quoted\"",
    "it's",
    "back\\slash",
    "<b>&amp;",
    "=1+1",
    "line\nbreak",
    "tab\there",
    "0",
    "null",
    "-> x",
];

/// Gives names, each once among those of a kind.
pub(super) struct Names {
    /// How many of a hundred are odd.
    odd: u64,
    given: Vec<String>,
}

impl Names {
    pub(super) fn new(dice: &mut Dice) -> Self {
        Self { odd: dice.pick(&[0, 0, 20, 70, 100]), given: Vec::new() }
    }

    /// A name that nothing in `taken` has, perhaps that of something of another kind.
    pub(super) fn another(&mut self, dice: &mut Dice, taken: &[String]) -> String {
        let name = loop {
            let name = match dice.between(0, 99) {
                number if number < self.odd => dice.pick(&ODD).to_owned(),
                99 => "long ".repeat(40).trim_end().to_owned(),
                number if number > 80 && !self.given.is_empty() => dice.pick(&self.given),
                _ => dice.pick(&PLAIN).to_owned(),
            };
            if !taken.contains(&name) {
                break name;
            }
            if dice.chance(20) {
                let number = dice.between(0, 99);
                let name = format!("{name}-{number}");
                if !taken.contains(&name) {
                    break name;
                }
            }
        };
        self.given.push(name.clone());
        name
    }
}

/// Names of endpoints. Those that begin with POST or PATCH are not sent twice.
pub(super) const ENDPOINTS: [&str; 10] = [
    "read",
    "write",
    "GET /orders/{id}",
    "POST /orders",
    "PATCH /orders",
    "a.b",
    "0",
    "größe",
    "\"x\"",
    "POST",
];
